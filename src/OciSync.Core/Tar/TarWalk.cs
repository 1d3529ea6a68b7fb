using System.Text;
using ICSharpCode.SharpZipLib.Tar;
using OciSync.Core.Errors;
using OciSync.Core.Folders;

namespace OciSync.Core.Tar;

/// <summary>
/// Goes through the headers of a tar file, without reading the content of its entries: ustar, GNU and pax, with long names and sparse
/// files. What the entries are for is the caller's business.
/// </summary>
internal sealed class TarWalk(Stream stream, string path)
{
    internal const int BlockSize = 512;
    private const int MaxEntries = 200_000;
    private const int MaxHeaderSize = 1024 * 1024;
    private const byte SparseFile = (byte)'S';

    private static readonly IReadOnlyDictionary<string, string> NoHeaders = new Dictionary<string, string>();

    private string? _longName;
    private string? _longLink;
    private IReadOnlyDictionary<string, string> _pax = NoHeaders;

    /// <summary>Reads a tar file to its end. <exception cref="OciException">It is none, or it is cut off or damaged.</exception></summary>
    /// <param name="stream">The file, from its first byte; it can be seeked in.</param>
    /// <param name="path">For messages: its name.</param>
    /// <param name="onEntry">Told of each entry.</param>
    internal static void Read(Stream stream, string path, Action<TarItem> onEntry)
    {
        try
        {
            new TarWalk(stream, path).ReadAll(onEntry);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FolderFiles.Unreadable(path, e);
        }
    }

    internal static OciException Invalid(string path, string fault, Exception? inner = null) =>
        new(OciErrorKind.ArchiveInvalid, $"The archive '{path}' can't be used: {fault}.", inner);

    private void ReadAll(Action<TarItem> onEntry)
    {
        var block = new byte[BlockSize];
        long position = 0;
        for (var count = 0; ; count++)
        {
            if (count > MaxEntries)
            {
                throw Invalid($"it has more than {MaxEntries} entries");
            }

            stream.Seek(position, SeekOrigin.Begin);
            if (!Fill(block, BlockSize))
            {
                // Some writers leave out the empty blocks at the end; an archive without a single entry is none.
                throw Invalid(count == 0 ? "it is empty or no tar file" : $"it is cut off after {position} bytes: its end is missing");
            }

            if (Array.TrueForAll(block, b => b == 0))
            {
                return;
            }

            position = ReadEntry(block, position + BlockSize, count, onEntry);
        }
    }

    // Gives the place of the next header.
    private long ReadEntry(byte[] block, long start, int count, Action<TarItem> onEntry)
    {
        var header = Parse(block, start, count);
        var sparse = header.TypeFlag == SparseFile ? ReadSparse(block, header) : null;
        start = stream.Position;
        var isExtension = header.TypeFlag is (byte)'L' or (byte)'K' or TarHeader.LF_XHDR or (byte)'g';
        var size = header.TypeFlag is (byte)'1' or (byte)'2' or (byte)'5' ? 0 : isExtension ? header.Size : PaxNumber("size") ?? header.Size;
        if (size < 0 || size > stream.Length - start)
        {
            throw Invalid($"it is cut off: the entry '{TarIndex.Shown(_longName ?? header.Name)}' has {size} bytes, and {stream.Length - start} are left");
        }

        if (isExtension)
        {
            ReadExtension(header, (int)Math.Min(size, int.MaxValue));
        }
        else
        {
            onEntry(ToItem(header, start, size, sparse));
            (_longName, _longLink, _pax) = (null, null, NoHeaders);
        }

        return start + ((size + BlockSize - 1) / BlockSize * BlockSize);
    }

    private TarItem ToItem(TarHeader header, long start, long size, TarSparse? sparse)
    {
        var name = _longName ?? header.Name;
        try
        {
            sparse ??= TarSparse.ReadPax(_pax, length => ReadAt(start, (int)Math.Min(length, size)));
            name = sparse?.Name ?? name;
            var pieces = sparse?.Place(start, size, stream.Length) ?? [new TarPiece(0, size, start)];
            return new TarItem(name, sparse is null ? header.TypeFlag : (byte)'0', _longLink ?? header.LinkName, sparse?.Size ?? size, pieces);
        }
        catch (FormatException e)
        {
            throw Unread(name, e);
        }
    }

    private TarSparse ReadSparse(byte[] block, TarHeader header)
    {
        try
        {
            return TarSparse.ReadHeader(block, ReadExtra);
        }
        catch (FormatException e)
        {
            throw Unread(_longName ?? header.Name, e);
        }
    }

    private OciException Unread(string name, FormatException e) =>
        Invalid($"'{TarIndex.Shown(name)}' in it is a sparse file that can't be read: {e.Message.TrimEnd('.')}", e);

    private byte[] ReadExtra()
    {
        var block = new byte[BlockSize];
        return Fill(block, BlockSize) ? block : throw Invalid("it is cut off in a header");
    }

    private byte[] ReadAt(long start, int count)
    {
        stream.Seek(start, SeekOrigin.Begin);
        var bytes = new byte[count];
        return Fill(bytes, count) ? bytes : throw Invalid("it is cut off in a header");
    }

    private TarHeader Parse(byte[] block, long start, int count)
    {
        var header = new TarHeader();
        try
        {
            header.ParseBuffer(block, Encoding.UTF8);
        }
        catch (Exception e) when (e is TarException or ArgumentException or OverflowException or IndexOutOfRangeException)
        {
            throw Damaged(start, count, e);
        }

        return header.IsChecksumValid ? header : throw Damaged(start, count, null);
    }

    private OciException Damaged(long start, int count, Exception? inner) =>
        Invalid(count == 0 ? "it is no tar file" : $"it is damaged at byte {start - BlockSize}", inner);

    private void ReadExtension(TarHeader header, int size)
    {
        if (size > MaxHeaderSize)
        {
            throw Invalid($"a header in it has {size} bytes; at most {MaxHeaderSize} are read");
        }

        var bytes = new byte[size];
        if (!Fill(bytes, size))
        {
            throw Invalid("it is cut off in a header");
        }

        switch (header.TypeFlag)
        {
            case (byte)'L':
                _longName = Text(bytes);
                break;
            case (byte)'K':
                _longLink = Text(bytes);
                break;
            case TarHeader.LF_XHDR:
                ReadPax(bytes);
                break;
        }
    }

    private void ReadPax(byte[] bytes)
    {
        try
        {
            var reader = new TarExtendedHeaderReader();
            reader.Read(bytes, bytes.Length);
            _pax = reader.Headers;
            _longName = reader.Headers.TryGetValue("path", out var name) ? name : _longName;
            _longLink = reader.Headers.TryGetValue("linkpath", out var link) ? link : _longLink;
            _ = PaxNumber("size");
        }
        catch (Exception e) when (e is not OciException)
        {
            throw Invalid("an extended header in it is damaged", e);
        }
    }

    private long? PaxNumber(string key) =>
        _pax.TryGetValue(key, out var text) ? long.Parse(text, System.Globalization.CultureInfo.InvariantCulture) : null;

    private OciException Invalid(string fault, Exception? inner = null) => Invalid(path, fault, inner);

    private static string Text(byte[] bytes) => Encoding.UTF8.GetString(bytes).TrimEnd('\0');

    private bool Fill(byte[] buffer, int count)
    {
        for (var filled = 0; filled < count;)
        {
            var read = stream.Read(buffer, filled, count - filled);
            if (read == 0)
            {
                return false;
            }

            filled += read;
        }

        return true;
    }
}
