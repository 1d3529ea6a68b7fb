using OciSync.Core.Errors;
using OciSync.Core.Polyfills;

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
                if (FileLinks.FindTarget(part) is { } target && !IsBelow(FileLinks.Resolve(root), target))
                {
                    throw new OciException(
                        OciErrorKind.LayoutInvalid, $"'{part}' is a link that leads out of the folder, to '{target}'; it is not followed.");
                }
            }

            return path;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FolderFiles.Unreadable(path, e);
        }
    }

    private static bool IsBelow(string root, string target) =>
        target.StartsWith(root.TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar, StringComparison.Ordinal);
}
