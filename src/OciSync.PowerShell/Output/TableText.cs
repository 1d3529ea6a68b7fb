using System.Globalization;
using System.Text;

namespace OciSync.PowerShell.Output;

/// <summary>
/// Cells of the module's tables. PowerShell breaks what is wider than its column at the column's edge, in the middle of a word; here it is
/// broken before, at a space or at the parts of a name.
/// </summary>
public static class TableText
{
    // A name is broken after its parts; only where a part has no room of its own, within it.
    private static readonly string[] Breaks = ["/:@,=", ".-_+"];

    /// <summary>The text in lines of at most so many characters. A longer word is broken after a part of a name, and only then anywhere.</summary>
    public static string Fit(string? text, int width)
    {
        var lines = (text ?? string.Empty).Split('\n').SelectMany(line => Break(line.TrimEnd('\r'), width));
        return string.Join(Environment.NewLine, lines);
    }

    /// <summary>A first line, and below it further ones, each with its mark.</summary>
    public static string Below(string? first, int width, string mark, string? further) =>
        string.IsNullOrEmpty(further)
            ? Fit(first, width)
            : Fit(first, width) + Environment.NewLine + mark + Fit(further, width - mark.Length)
                .Replace(Environment.NewLine, Environment.NewLine + new string(' ', mark.Length));

    /// <summary>Bytes as people read them.</summary>
    public static string Size(long bytes) => bytes switch
    {
        >= 1L << 30 => Number(bytes / (double)(1L << 30)) + " GB",
        >= 1L << 20 => Number(bytes / (double)(1L << 20)) + " MB",
        _ => Number(bytes / 1024.0) + " KB",
    };

    private static string Number(double number) => number.ToString("0.0", CultureInfo.CurrentCulture);

    private static IEnumerable<string> Break(string line, int width)
    {
        if (line.Length <= width)
        {
            yield return line;
            yield break;
        }

        var current = new StringBuilder();
        foreach (var word in line.Split(' '))
        {
            if (current.Length > 0 && current.Length + 1 + word.Length > width)
            {
                yield return current.ToString();
                current.Clear();
            }

            current.Append(current.Length > 0 ? " " : string.Empty).Append(word);
            while (current.Length > width)
            {
                var end = EndOfPart(current, width);
                yield return current.ToString(0, end);
                current.Remove(0, end);
            }
        }

        yield return current.ToString();
    }

    private static int EndOfPart(StringBuilder word, int width)
    {
        foreach (var breaks in Breaks)
        {
            for (var end = width; end > 1; end--)
            {
                if (breaks.Contains(word[end - 1]))
                {
                    return end;
                }
            }
        }

        return width;
    }
}
