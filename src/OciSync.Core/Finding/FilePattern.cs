using OciSync.Core.Text;

namespace OciSync.Core.Finding;

/// <summary>
/// Paths with wildcards, with <c>/</c> on every system: <c>*</c>, <c>?</c> and <c>[a-z]</c> in a name, and <c>**</c> for any folders. Links are
/// not followed, but where a name without wildcards is one.
/// </summary>
internal static class FilePattern
{
    private const string AnyFolders = "**";
    private const int DeepestFolder = 100;

    /// <summary>Whether what is found is to be searched with its folders: the pattern ends with <c>**</c>.</summary>
    internal static bool IsRecursive(string pattern) => Split(pattern).LastOrDefault() == AnyFolders;

    /// <summary>The files and folders that a pattern stands for, in the order of their names.</summary>
    /// <param name="folder">Where a path that isn't absolute begins.</param>
    /// <param name="pattern">The pattern.</param>
    /// <exception cref="FormatException">A wildcard is wrong.</exception>
    internal static IReadOnlyList<string> Find(string folder, string pattern)
    {
        var root = Path.IsPathRooted(pattern) ? Path.GetPathRoot(pattern)! : folder;
        var parts = Split(Path.IsPathRooted(pattern) ? pattern.Substring(root.Length) : pattern);
        IEnumerable<string> found = [root];
        for (var i = 0; i < parts.Count; i++)
        {
            var (part, isLast) = (parts[i], i == parts.Count - 1);
            found = part == AnyFolders ? isLast ? found : found.SelectMany(f => WithFolders(f, 0)).Distinct()
                : part.IndexOfAny(['*', '?', '[']) >= 0 ? found.SelectMany(f => Matching(f, part, isLast))
                : found.Select(f => Path.GetFullPath(Path.Combine(f, part))).Where(f => File.Exists(f) || Directory.Exists(f));
        }

        return found.Distinct(StringComparer.Ordinal).OrderBy(f => f, StringComparer.Ordinal).ToList();
    }

    private static List<string> Split(string pattern) => pattern.Split('/', '\\').Where(p => p.Length > 0 && p != ".").ToList();

    private static IEnumerable<string> Matching(string folder, string part, bool isLast)
    {
        var pattern = new WildcardPattern(part);
        return !Directory.Exists(folder) ? []
            : (isLast ? Directory.EnumerateFileSystemEntries(folder) : Directory.EnumerateDirectories(folder))
                .Where(f => pattern.IsMatch(Path.GetFileName(f)) && !FolderWalk.IsLink(f));
    }

    private static IEnumerable<string> WithFolders(string folder, int depth)
    {
        yield return folder;
        if (depth > DeepestFolder || !Directory.Exists(folder))
        {
            yield break;
        }

        foreach (var inner in Directory.EnumerateDirectories(folder).Where(f => !FolderWalk.IsLink(f)).SelectMany(f => WithFolders(f, depth + 1)))
        {
            yield return inner;
        }
    }
}
