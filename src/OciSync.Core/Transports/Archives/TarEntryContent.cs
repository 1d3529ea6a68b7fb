using OciSync.Core.Errors;

namespace OciSync.Core.Transports.Archives;

/// <summary>A blob that is a file in an archive.</summary>
internal sealed class TarEntryContent(FileStream stream, string name, long length) : IBlobContent
{
    private long _left = length;

    public bool IsFromOffset => true;

    public long? RangeStart => null;

    public long? RangeTotal => null;

    public long? ContentLength { get; } = length;

    public async Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        try
        {
            var read = await stream.ReadAsync(buffer, offset, (int)Math.Min(count, _left), cancellationToken).ConfigureAwait(false);
            _left -= read;
            return read;
        }
        catch (IOException e)
        {
            throw new OciException(OciErrorKind.StorageFailed, $"{name} can't be read: {e.Message}", e);
        }
    }

    public async Task<byte[]> ReadAllAsync(int limit)
    {
        if (ContentLength > limit)
        {
            throw new OciException(OciErrorKind.ArchiveInvalid, $"{name} has {ContentLength} bytes; at most {limit} are read.");
        }

        var bytes = new byte[(int)ContentLength!.Value];
        var filled = 0;
        int read;
        while (filled < bytes.Length && (read = await ReadAsync(bytes, filled, bytes.Length - filled, CancellationToken.None).ConfigureAwait(false)) > 0)
        {
            filled += read;
        }

        return filled == bytes.Length ? bytes : throw new OciException(OciErrorKind.ArchiveInvalid, $"{name} is cut off after {filled} of {bytes.Length} bytes.");
    }

    public void Dispose() => stream.Dispose();
}
