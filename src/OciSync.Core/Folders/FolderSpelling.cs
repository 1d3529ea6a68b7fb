namespace OciSync.Core.Folders;

/// <summary>
/// Folders that are called by a tag, on file systems that don't tell letters' cases apart: V1 and v1 would be one, and what was copied as
/// one would come back as the other.
/// </summary>
internal static class FolderSpelling
{
    /// <summary>Stands for <c>:</c> where file systems forbid that. No repository or tag has it.</summary>
    internal const char Stand = '=';

    /// <summary>How the folder is called on the disk, where it is there and its tag is spelled in another way; else null.</summary>
    internal static string? FindOther(string path)
    {
        var name = Path.GetFileName(path);
        var tag = TagOf(name);

        // Most file systems, and most tags, need no list.
        if (tag.Length == 0 || Path.GetDirectoryName(path) is not { } parent || !Directory.Exists(path)
            || !Directory.Exists(path.Substring(0, path.Length - tag.Length) + SwapCase(tag)))
        {
            return null;
        }

        var pattern = Path.DirectorySeparatorChar == '\\' ? name : "*";
        return FindOther(name, Directory.EnumerateDirectories(parent, pattern).Select(d => Path.GetFileName(d)));
    }

    /// <summary>The entry that stands for a name, where its tag is spelled in another way and nothing has the name itself; else null.</summary>
    internal static string? FindOther(string name, IEnumerable<string> entries)
    {
        var others = entries.Where(e => string.Equals(e, name, StringComparison.OrdinalIgnoreCase)).ToList();
        return others.Exists(o => TagOf(o) == TagOf(name)) ? null : others.FirstOrDefault();
    }

    // From its colon on, or from what stands for the colon.
    private static string TagOf(string name) =>
        name.IndexOfAny([Stand, ':']) is >= 0 and var start ? name.Substring(start) : string.Empty;

    private static string SwapCase(string text) =>
        new(text.Select(c => char.IsUpper(c) ? char.ToLowerInvariant(c) : char.ToUpperInvariant(c)).ToArray());
}
