using OciSync.Core.Errors;
using OciSync.Core.Folders;
using OciSync.Core.Layouts;
using OciSync.Core.Tar;

namespace OciSync.Core.Shelves;

/// <summary>Finds what holds images at a path: itself, or all below it. Links below it are not followed.</summary>
/// <param name="root">The full path that is served.</param>
/// <param name="onFault">Told, in a sentence, of what can't be served, once for each path.</param>
internal sealed class ShelfFinder(string root, Action<string> onFault)
{
    private const int MaxDepth = 32;
    private const int MaxPlaces = 100_000;

    private readonly HashSet<string> _told = new(StringComparer.Ordinal);

    /// <summary>The places, in the order of their paths.</summary>
    /// <exception cref="OciException">There is nothing at the path, or it is a file that can't be served.</exception>
    internal IReadOnlyList<ShelfPlace> Find()
    {
        try
        {
            if (File.Exists(root))
            {
                return FindPackedFault(root) is { } fault
                    ? throw new OciException(OciErrorKind.ArchiveInvalid, fault)
                    : [new ShelfPlace(ShelfKind.Archive, root, string.Empty, FileStamp.Of(root))];
            }

            if (!Directory.Exists(root))
            {
                throw new OciException(OciErrorKind.StorageFailed, $"'{root}' can't be served: there is no such folder or file.");
            }

            var places = new List<ShelfPlace>();
            Walk(root, string.Empty, 0, places);
            return places;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FolderFiles.Unreadable(root, e);
        }
    }

    private void Walk(string folder, string relative, int depth, List<ShelfPlace> places)
    {
        if (Classify(folder, relative) is { } place)
        {
            places.Add(place);
            return;
        }

        foreach (var entry in new DirectoryInfo(folder).EnumerateFileSystemInfos().OrderBy(e => e.Name, StringComparer.Ordinal).ToList())
        {
            if ((entry.Attributes & FileAttributes.ReparsePoint) != 0 || places.Count >= MaxPlaces)
            {
                continue;
            }

            var path = relative.Length == 0 ? entry.Name : relative + "/" + entry.Name;
            if (entry is DirectoryInfo && depth < MaxDepth)
            {
                TryWalk(entry.FullName, path, depth + 1, places);
            }
            else if (entry is FileInfo file)
            {
                AddArchive(file, path, places);
            }
        }
    }

    private void TryWalk(string folder, string relative, int depth, List<ShelfPlace> places)
    {
        try
        {
            Walk(folder, relative, depth, places);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Tell(folder, $"'{folder}' is not served: {e.Message}");
        }
    }

    private static ShelfPlace? Classify(string folder, string relative)
    {
        var index = Path.Combine(folder, LayoutIndex.FileName);
        if (File.Exists(Path.Combine(folder, OciLayout.VersionFile)) || File.Exists(index))
        {
            return new ShelfPlace(ShelfKind.Layout, folder, relative, FileStamp.Of(index));
        }

        var manifest = Path.Combine(folder, DirImage.ManifestFile);
        return File.Exists(manifest) ? new ShelfPlace(ShelfKind.Dir, folder, relative, FileStamp.Of(manifest)) : null;
    }

    private void AddArchive(FileInfo file, string relative, List<ShelfPlace> places)
    {
        if (file.Name.StartsWith(FolderFiles.OwnPrefix, StringComparison.Ordinal) || !IsTar(file.Name))
        {
            return;
        }

        if (FindPackedFault(file.FullName) is { } fault)
        {
            Tell(file.FullName, fault);
        }
        else
        {
            places.Add(new ShelfPlace(ShelfKind.Archive, file.FullName, relative, FileStamp.Of(file.FullName)));
        }
    }

    private static bool IsTar(string name) => new[] { ".tar", ".tgz", ".tar.gz", ".tar.zst", ".tar.xz", ".tar.bz2" }
        .Any(e => name.EndsWith(e, StringComparison.OrdinalIgnoreCase));

    // A packed archive would have to be unpacked to somewhere before the first byte of it could be sent.
    private static string? FindPackedFault(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1);
        var start = new byte[Unpacker.ProbeSize];
        var packing = Unpacker.Detect(start, stream.Read(start, 0, start.Length));
        return packing == Packing.None
            ? null
            : $"The archive '{path}' is packed ({packing}) and can't be served as it is. Unpack it (gzip -d, zstd -d, xz -d, bzip2 -d), or make a layout of "
                + $"it: Sync-OciImage -Source oci-archive:{path} -Destination oci:<folder> (docker-archive: where it is of docker save).";
    }

    private void Tell(string path, string fault)
    {
        if (_told.Add(path))
        {
            onFault(fault);
        }
    }
}
