using System.Text.RegularExpressions;

namespace OciSync.Core.Finding.Charts;

/// <summary>
/// How a chart's templates make a tag of <c>.Chart.AppVersion</c>: some put a <c>v</c> before it. Labels that tell the version don't count.
/// </summary>
internal static class AppVersionUse
{
    private static readonly Regex WithLetter = new(@"v%s[^\n]*AppVersion|v\{\{[^}\n]*AppVersion", RegexOptions.CultureInvariant);

    /// <summary>What stands before the version: <c>v</c>, nothing, or null where the templates do both.</summary>
    internal static string? FindPrefix(IEnumerable<string> templates, string? appVersion)
    {
        var (with, without) = (false, false);
        foreach (var line in templates.SelectMany(t => t.Split('\n')).Where(l => l.IndexOf("AppVersion", StringComparison.Ordinal) >= 0))
        {
            if (WithLetter.IsMatch(line))
            {
                with = true;
            }
            else if (line.IndexOf("tag", StringComparison.OrdinalIgnoreCase) >= 0 || line.IndexOf("image", StringComparison.OrdinalIgnoreCase) >= 0)
            {
                without = true;
            }
        }

        // A version that begins with the letter is written so that it isn't put there again.
        return !with || appVersion?.StartsWith("v", StringComparison.Ordinal) == true ? string.Empty : without ? null : "v";
    }
}
