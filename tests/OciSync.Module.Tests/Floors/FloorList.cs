using System.Text.RegularExpressions;

namespace OciSync.Module.Tests.Floors;

/// <summary>
/// The floors of an assembly as docs/architecture.md lists them: rows <c>| 3 | `Flow` | … |</c> below a heading with the assembly's name.
/// A row with several folders in its second cell puts them on one floor: they don't know each other.
/// </summary>
internal static partial class FloorList
{
    /// <summary>Folder to floor; the folder is the namespace below the assembly's name.</summary>
    internal static Dictionary<string, int> Read(string assembly)
    {
        var lines = File.ReadAllLines(Path.Combine(Paths.RepositoryRoot, "docs", "architecture.md"));
        var floors = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var row in lines.SkipWhile(line => line != $"### Floors of {assembly}").Skip(1).TakeWhile(line => !line.StartsWith('#')))
        {
            if (Row().Match(row) is { Success: true } match)
            {
                foreach (Match folder in Folder().Matches(match.Groups["folders"].Value))
                {
                    floors.Add(folder.Groups[1].Value.Replace('/', '.'), int.Parse(match.Groups["floor"].Value, null));
                }
            }
        }

        return floors;
    }

    [GeneratedRegex(@"^\| (?<floor>\d+) \| (?<folders>[^|]+) \|")]
    private static partial Regex Row();

    [GeneratedRegex("`([A-Za-z/]+)`")]
    private static partial Regex Folder();
}
