using OciSync.Core.Errors;
using OciSync.Core.Text;

namespace OciSync.Core.Tar;

/// <summary>
/// The files of a tar archive by their paths, found without reading their content. What leads out of the archive, or could be meant in
/// two ways, is refused; a file that stands in it again with the same bytes is one file.
/// </summary>
internal sealed class TarIndex
{
    private const int BufferSize = 128 * 1024;

    private readonly Dictionary<string, TarEntry> _entries = new(StringComparer.Ordinal);
    private readonly Stream _stream;
    private readonly string _path;

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
        TarWalk.Read(stream, path, index.Add);
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

    internal OciException Invalid(string fault, Exception? inner = null) => TarWalk.Invalid(_path, fault, inner);

    internal static string Shown(string name) => Printable.Text(name.Length > 200 ? name.Substring(0, 200) + "…" : name);

    private void Add(TarItem item)
    {
        var path = Check(item.Name, item.Name);
        switch (item.Type)
        {
            case (byte)'5':
                return;
            case 0 or (byte)'0' or (byte)'7':
                AddEntry(new TarEntry(path, item.Size, item.Pieces, null));
                return;
            case (byte)'1':
                AddEntry(new TarEntry(path, 0, [], Check(item.LinkName, item.Name)));
                return;
            case (byte)'2':
                var target = item.LinkName;
                var folder = path.Contains("/") ? path.Substring(0, path.LastIndexOf('/') + 1) : string.Empty;
                AddEntry(new TarEntry(path, 0, [], Check(target.StartsWith("/", StringComparison.Ordinal) ? target : folder + target, item.Name, target)));
                return;
            default:
                throw Invalid($"'{Shown(item.Name)}' is neither a file nor a folder, but a device, a pipe or of an unknown kind");
        }
    }

    private void AddEntry(TarEntry entry)
    {
        if (!_entries.TryGetValue(entry.Name, out var known))
        {
            _entries.Add(entry.Name, entry);
        }
        else if (!IsSame(known, entry))
        {
            throw Invalid($"'{Shown(entry.Name)}' stands in it twice, with different content");
        }
    }

    // Some tools write a layer that images share once for each of them.
    private bool IsSame(TarEntry known, TarEntry entry)
    {
        if (known.Link != entry.Link || known.Size != entry.Size
            || !known.Pieces.Select(p => (p.At, p.Length)).SequenceEqual(entry.Pieces.Select(p => (p.At, p.Length))))
        {
            return false;
        }

        var (one, other) = (new byte[BufferSize], new byte[BufferSize]);
        foreach (var (a, b) in known.Pieces.Zip(entry.Pieces, (a, b) => (a, b)))
        {
            for (long done = 0; done < a.Length; done += BufferSize)
            {
                var count = (int)Math.Min(BufferSize, a.Length - done);
                Fill(one, a.Offset + done, count);
                Fill(other, b.Offset + done, count);
                if (!one.AsSpan(0, count).SequenceEqual(other.AsSpan(0, count)))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private void Fill(byte[] buffer, long offset, int count)
    {
        _stream.Seek(offset, SeekOrigin.Begin);
        for (var filled = 0; filled < count;)
        {
            var read = _stream.Read(buffer, filled, count - filled);
            filled += read > 0 ? read : throw Invalid("it is cut off while it is read");
        }
    }

    // Resolves '..' within the archive; what leads out of it is refused.
    private string Check(string name, string shown, string? target = null)
    {
        var isAbsolute = name.StartsWith("/", StringComparison.Ordinal)
            || name.StartsWith("\\", StringComparison.Ordinal)
            || (name.Length > 1 && name[1] == ':');
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
            ? throw Invalid(
                name == shown ? $"'{Shown(name)}' leads out of it" : $"'{Shown(shown)}' is a link that leads out of it, to '{Shown(target ?? name)}'")
            : string.Join("/", parts);
    }

    private static string Normalize(string name) => string.Join("/", name.Split('/').Where(p => p.Length > 0 && p != "."));
}
