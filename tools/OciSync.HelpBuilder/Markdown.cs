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

    /// <summary>Where a syntax names a parameter, or -1.</summary>
    internal static int FindParameter(string syntax, string name)
    {
        var match = Regex.Match(syntax, $@"(?<=[\s\[])-{name}\b");
        return match.Success ? match.Index : -1;
    }

    /// <summary>
    /// Paragraphs as plain text: lines joined, code marks and link targets dropped. A backslash is markdown's own only before punctuation
    /// outside code (CommonMark 2.4 and 6.1); everywhere else it is text.
    /// </summary>
    internal static IEnumerable<string> Paragraphs(string text) =>
        text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
            .Select(p => p.Contains("\n- ", StringComparison.Ordinal) || p.StartsWith("- ", StringComparison.Ordinal) ? p : p.Replace('\n', ' '))
            .Select(p => Plain(p).Trim())
            .Where(p => p.Length > 0);

    private static string Plain(string text) => MarkPattern().Replace(text, m =>
        m.Groups["link"] is { Success: true } link ? Plain(link.Value) : m.Groups["code"].Value + m.Groups["escaped"].Value);

    [GeneratedRegex(@"```\w*\n(.*?)\n?```", RegexOptions.Singleline)]
    private static partial Regex FencePattern();

    [GeneratedRegex(@"`(?<code>[^`]*)`|\[(?<link>[^\]]+)\]\([^)]+\)|\\(?<escaped>[!-/:-@\[-`{-~])")]
    private static partial Regex MarkPattern();
}
