using System.Text.RegularExpressions;

namespace OciSync.Core.Finding;

/// <summary>The kind of a long list, which stands at its top though perhaps behind everything else.</summary>
internal static class ListKind
{
    private static readonly Regex Yaml = new(@"^kind:\s*[""']?(?<kind>[A-Za-z]+)", RegexOptions.CultureInvariant);

    // The indentation of kubectl's own output is four blanks; others have two, a tab or none.
    private static readonly Regex Json = new(@"[{,]\s*""kind""\s*:\s*""(?<kind>[A-Za-z]*List)""", RegexOptions.CultureInvariant);

    internal static string? Find(string text, int start, int length)
    {
        const int Window = 4096;
        foreach (var at in new[] { start, Math.Max(start, start + length - Window) })
        {
            var piece = text.Substring(at, Math.Min(Window, start + length - at));
            foreach (var line in piece.Split('\n'))
            {
                if (Yaml.Match(line) is { Success: true } yaml)
                {
                    return yaml.Groups["kind"].Value;
                }
            }

            if (Json.Match(piece) is { Success: true } json)
            {
                return json.Groups["kind"].Value;
            }
        }

        return null;
    }
}
