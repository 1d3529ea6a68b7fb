using System.Text.RegularExpressions;

namespace OciSync.HelpBuilder;

/// <summary>The little markdown of help topics: headings, fences, paragraphs.</summary>
internal static partial class Markdown
{
    /// <summary>The text below each heading of a level, by the heading's text, in order. Headings inside fences are text.</summary>
    internal static List<(string Title, string Body)> Sections(string text, int level)
    {
        var mark = new string('#', level) + " ";
        var sections = new List<(string Title, List<string> Lines)>();
        var isFenced = false;
        foreach (var line in text.Split('\n'))
        {
            isFenced ^= line.StartsWith("```", StringComparison.Ordinal);
            if (!isFenced && line.StartsWith(mark, StringComparison.Ordinal))
            {
                sections.Add((line[mark.Length..].Trim(), []));
            }
            else if (sections.Count > 0)
            {
                sections[^1].Lines.Add(line);
            }
        }

        return [.. sections.Select(s => (s.Title, string.Join('\n', s.Lines).Trim()))];
    }

    /// <summary>The first fence's content, and what is outside it.</summary>
    internal static (string Code, string Outside) Fence(string text)
    {
        var match = FencePattern().Match(text);
        return match.Success ? (match.Groups[1].Value.TrimEnd(), text.Remove(match.Index, match.Length).Trim()) : (string.Empty, text.Trim());
    }

    /// <summary>Paragraphs as plain text: lines joined, code marks and link targets dropped.</summary>
    internal static IEnumerable<string> Paragraphs(string text) =>
        text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
            .Select(p => p.Contains("\n- ", StringComparison.Ordinal) || p.StartsWith("- ", StringComparison.Ordinal) ? p : p.Replace('\n', ' '))
            .Select(p => LinkPattern().Replace(p, "$1").Replace("`", string.Empty).Replace("\\", string.Empty).Trim())
            .Where(p => p.Length > 0);

    [GeneratedRegex(@"```\w*\n(.*?)\n?```", RegexOptions.Singleline)]
    private static partial Regex FencePattern();

    [GeneratedRegex(@"\[([^\]]+)\]\([^)]+\)")]
    private static partial Regex LinkPattern();
}
