using System.Text;
using ICSharpCode.SharpZipLib.Tar;
using OciSync.Core.Errors;
using OciSync.Core.References;

namespace OciSync.Core.Transports.Archives;

/// <summary>
/// The files of a tar archive by their paths, found without reading their content. What leads out of the archive, or could be meant in
/// two ways, is refused.
/// </summary>
internal sealed class TarIndex
{
    private const int BlockSize = 512;
    private const int MaxEntries = 200_000;
    private const int MaxHeaderSize = 1024 * 1024;

    private readonly Dictionary<string, TarEntry> _entries = new(StringComparer.Ordinal);
    private readonly Stream _stream;
    private readonly string _path;
    private string? _longName;
    private string? _longLink;
    private long? _longSize;

    private TarIndex(Stream stream, string path)
    {
        _stream = stream;
        _path = path;
    }

    internal IEnumerable<string> Names => _entries.Keys;

    /// <param name="stream">The archive, from its first byte; it can be seeked in.</param>
    /// <param name="path">For messages: its file.</param>
    /// <exception cref="OciException">It is none, or it is cut off or damaged.</exception>
    internal static TarIndex Read(Stream stream, string path)
    {
        var index = new TarIndex(stream, path);
        try
        {
            index.ReadAll();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FolderFiles.Unreadable(path, e);
        }

        return index;
    }

    /// <summary>The file of a path, or what a link there leads to; null when there is none.</summary>
    internal TarEntry? Find(string name)
    {
        var entry = _entries.TryGetValue(Normalize(name), out var found) ? found : null;
        if (entry?.Link is not { } link)
        {
            return entry;
        }

        // One link leads to a file. A chain of them is nothing that Docker or skopeo writes.
        return _entries.TryGetValue(link, out var target) && target.Link is null
            ? target
            : throw Invalid($"'{Shown(name)}' is a link to '{Shown(link)}', which is no file in it");
    }

    internal OciException Invalid(string fault, Exception? inner = null) => new(OciErrorKind.ArchiveInvalid, $"The archive '{_path}' can't be used: {fault}.", inner);

    internal static string Shown(string name) => Printable.Text(name.Length > 200 ? name.Substring(0, 200) + "…" : name);

    private void ReadAll()
    {
        var block = new byte[BlockSize];
        long position = 0;
        for (var count = 0; ; count++)
        {
            if (count > MaxEntries)
            {
                throw Invalid($"it has more than {MaxEntries} entries");
            }

            _stream.Seek(position, SeekOrigin.Begin);
            if (!Fill(block, BlockSize))
            {
                // Some writers leave out the empty blocks at the end; an archive without a single entry is none.
                throw Invalid(count == 0 ? "it is empty or no tar file" : $"it is cut off after {position} bytes: its end is missing");
            }

            if (Array.TrueForAll(block, b => b == 0))
            {
                return;
            }

            position = ReadEntry(block, position + BlockSize, count);
        }
    }

    private long ReadEntry(byte[] block, long start, int count)
    {
        var header = Parse(block, start, count);
        var isExtension = header.TypeFlag is (byte)'L' or (byte)'K' or TarHeader.LF_XHDR or (byte)'g';
        var size = header.TypeFlag is (byte)'1' or (byte)'2' or (byte)'5' ? 0 : !isExtension && _longSize is { } other ? other : header.Size;
        if (size < 0 || size > _stream.Length - start)
        {
            throw Invalid($"it is cut off: the entry '{Shown(_longName ?? header.Name)}' has {size} bytes, and {_stream.Length - start} are left");
        }

        if (isExtension)
        {
            ReadExtension(header, (int)Math.Min(size, int.MaxValue));
        }
        else
        {
            Add(header, start, size);
            (_longName, _longLink, _longSize) = (null, null, null);
        }

        return start + ((size + BlockSize - 1) / BlockSize * BlockSize);
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
            _longName = reader.Headers.TryGetValue("path", out var name) ? name : _longName;
            _longLink = reader.Headers.TryGetValue("linkpath", out var link) ? link : _longLink;
            _longSize = reader.Headers.TryGetValue("size", out var size) ? long.Parse(size, System.Globalization.CultureInfo.InvariantCulture) : _longSize;
        }
        catch (Exception e) when (e is not OciException)
        {
            throw Invalid("an extended header in it is damaged", e);
        }
    }

    private void Add(TarHeader header, long start, long size)
    {
        var name = _longName ?? header.Name;
        var path = Check(name, name);
        switch (header.TypeFlag)
        {
            case (byte)'5':
                return;
            case 0 or (byte)'0' or (byte)'7':
                AddEntry(new TarEntry(path, start, size, null));
                return;
            case (byte)'1':
                AddEntry(new TarEntry(path, start, 0, Check(_longLink ?? header.LinkName, name)));
                return;
            case (byte)'2':
                var target = _longLink ?? header.LinkName;
                var folder = path.Contains("/") ? path.Substring(0, path.LastIndexOf('/') + 1) : string.Empty;
                AddEntry(new TarEntry(path, start, 0, Check(target.StartsWith("/", StringComparison.Ordinal) ? target : folder + target, name, target)));
                return;
            default:
                throw Invalid($"'{Shown(name)}' is neither a file nor a folder, but a device, a pipe or of an unknown kind");
        }
    }

    private void AddEntry(TarEntry entry)
    {
        if (_entries.ContainsKey(entry.Name))
        {
            throw Invalid($"'{Shown(entry.Name)}' stands in it twice");
        }

        _entries.Add(entry.Name, entry);
    }

    // Resolves '..' within the archive; what leads out of it is refused.
    private string Check(string name, string shown, string? target = null)
    {
        var isAbsolute = name.StartsWith("/", StringComparison.Ordinal) || name.StartsWith("\\", StringComparison.Ordinal) || (name.Length > 1 && name[1] == ':');
        var parts = new List<string>();
        foreach (var part in name.Split('/').Where(p => p.Length > 0 && p != "."))
        {
            if (part != "..")
            {
                parts.Add(part);
            }
            else if (parts.Count > 0 && name != shown)
            {
                parts.RemoveAt(parts.Count - 1);
            }
            else
            {
                isAbsolute = true;
            }
        }

        return isAbsolute
            ? throw Invalid(name == shown ? $"'{Shown(name)}' leads out of it" : $"'{Shown(shown)}' is a link that leads out of it, to '{Shown(target ?? name)}'")
            : string.Join("/", parts);
    }

    private static string Normalize(string name) => string.Join("/", name.Split('/').Where(p => p.Length > 0 && p != "."));

    private static string Text(byte[] bytes) => Encoding.UTF8.GetString(bytes).TrimEnd('\0');

    private bool Fill(byte[] buffer, int count)
    {
        for (var filled = 0; filled < count;)
        {
            var read = _stream.Read(buffer, filled, count - filled);
            if (read == 0)
            {
                return false;
            }

            filled += read;
        }

        return true;
    }
}
