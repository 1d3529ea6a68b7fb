using OciSync.Core.Errors;

namespace OciSync.Core.Folders;

/// <summary>Links in a folder of images: one that leads out of it is refused. The folder itself may be reached by links.</summary>
internal static class FolderLinks
{
    /// <summary>Checks every part of a path below the root that exists. <exception cref="OciException">One leads elsewhere.</exception></summary>
    internal static string Check(string root, string path)
    {
        try
        {
            for (var part = path; part.Length > root.Length; part = Path.GetDirectoryName(part)!)
            {
                if (FindTarget(part) is { } target && !IsBelow(Resolve(root), target))
                {
                    throw new OciException(OciErrorKind.LayoutInvalid, $"'{part}' is a link that leads out of the folder, to '{target}'; it is not followed.");
                }
            }

            return path;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FolderFiles.Unreadable(path, e);
        }
    }

#if NET
    private static string? FindTarget(string path) => new FileInfo(path).LinkTarget is null ? null : Resolve(path);

    // The last link's target, with links in the folders above it.
    private static string Resolve(string path)
    {
        var full = new FileInfo(path).LinkTarget is null ? path : File.ResolveLinkTarget(path, returnFinalTarget: true)!.FullName;
        var parent = Path.GetDirectoryName(full);
        return parent is null ? full : Path.Combine(Resolve(parent), Path.GetFileName(full));
    }
#else
    // Older platforms can't follow a link: none is.
    private static string? FindTarget(string path)
    {
        var info = new FileInfo(path);
        return (info.Exists || Directory.Exists(path)) && (File.GetAttributes(path) & FileAttributes.ReparsePoint) != 0 ? "elsewhere" : null;
    }

    private static string Resolve(string path) => path;
#endif

    private static bool IsBelow(string root, string target) =>
        target.StartsWith(root.TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar, StringComparison.Ordinal);
}
