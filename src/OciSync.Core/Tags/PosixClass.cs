using System.Globalization;
using System.Text;

namespace OciSync.Core.Tags;

/// <summary>
/// The named classes of POSIX that stand within brackets, <c>[[:digit:]]</c>, as RE2 has them: of ASCII alone, and with ^ everything else.
/// </summary>
internal static class PosixClass
{
    // First and last of each range, in order.
    private static readonly Dictionary<string, string> Ranges = new(StringComparer.Ordinal)
    {
        ["alnum"] = "09AZaz",
        ["alpha"] = "AZaz",
        ["ascii"] = "\0\x7F",
        ["blank"] = "\t\t  ",
        ["cntrl"] = "\0\x1F\x7F\x7F",
        ["digit"] = "09",
        ["graph"] = "!~",
        ["lower"] = "az",
        ["print"] = " ~",
        ["punct"] = "!/:@[`{~",
        ["space"] = "\t\r  ",
        ["upper"] = "AZ",
        ["word"] = "09AZ__az",
        ["xdigit"] = "09AFaf",
    };

    /// <summary>Its characters as .NET writes them within brackets, or null when there is no class of this name.</summary>
    internal static string? Find(string name)
    {
        var isOther = name.StartsWith("^", StringComparison.Ordinal);
        return Ranges.TryGetValue(isOther ? name.Substring(1) : name, out var ranges) ? Write(isOther ? Others(ranges) : ranges) : null;
    }

    private static string Others(string ranges)
    {
        var others = new StringBuilder();
        var next = 0;
        for (var i = 0; i < ranges.Length; i += 2)
        {
            if (ranges[i] > next)
            {
                others.Append((char)next).Append((char)(ranges[i] - 1));
            }

            next = ranges[i + 1] + 1;
        }

        return others.Append((char)next).Append(char.MaxValue).ToString();
    }

    private static string Write(string ranges)
    {
        var text = new StringBuilder();
        for (var i = 0; i < ranges.Length; i += 2)
        {
            text.Append(Write(ranges[i])).Append('-').Append(Write(ranges[i + 1]));
        }

        return text.ToString();
    }

    private static string Write(char c) => "\\u" + ((int)c).ToString("X4", CultureInfo.InvariantCulture);
}
