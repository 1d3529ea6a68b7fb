using SharpCompress.Compressors.Xz;

namespace OciSync.Core.Tar;

/// <summary>
/// What is in an xz file: one stream, or several one after the other, each perhaps followed by padding of four zero bytes or a multiple of
/// them (the .xz file format 1.2, sections 2 and 2.2). Programs that pack in parallel write several.
/// </summary>
internal sealed class XzFileStream : PackedStream
{
    private const int Step = 4;

    private readonly PrefixedStream _packed;
    private XZStream? _inner;

    internal XzFileStream(Stream packed)
        : this(new PrefixedStream(packed))
    {
    }

    private XzFileStream(PrefixedStream packed)
        : base(packed, "xz")
    {
        _packed = packed;
        _inner = new XZStream(packed);
    }

    private protected override int ReadUnpacked(byte[] buffer, int offset, int count)
    {
        while (_inner is not null && count > 0)
        {
            var read = _inner.Read(buffer, offset, count);
            if (read > 0)
            {
                return read;
            }

            _inner = FindNext() ? new XZStream(_packed) : null;
        }

        return 0;
    }

    // False at the end of the file.
    private bool FindNext()
    {
        var step = new byte[Step];
        while (_packed.Fill(step) is var count && count > 0)
        {
            if (count < Step)
            {
                throw new InvalidDataException("its end is no xz stream");
            }

            if (step.Any(b => b != 0))
            {
                _packed.PutBack(step);
                return true;
            }
        }

        return false;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _inner?.Dispose();
        }

        base.Dispose(disposing);
    }
}
