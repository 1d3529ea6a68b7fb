using System.Globalization;
using System.Text.RegularExpressions;
using OciSync.Core.Errors;
using OciSync.Core.Text;

namespace OciSync.Core.Sights;

/// <summary>Spans of time as users write them: <c>3d</c>, <c>12h</c>, <c>1d12h</c>, <c>2w</c>, or a TimeSpan's own text (<c>3.00:00:00</c>).</summary>
public static class AgeText
{
    private static readonly Regex Parts = new(
        "^(?:(?<w>[0-9]{1,4})w)?(?:(?<d>[0-9]{1,4})d)?(?:(?<h>[0-9]{1,5})h)?(?:(?<m>[0-9]{1,6})m)?(?:(?<s>[0-9]{1,7})s)?$",
        RegexOptions.CultureInvariant);

    /// <summary>Reads a span of time; 0 is none.</summary>
    /// <exception cref="OciException">It is none, or negative (<see cref="OciErrorKind.ChoiceInvalid"/>).</exception>
    public static TimeSpan Parse(string text) => TryParse(text, out var age) ? age : throw new OciException(
        OciErrorKind.ChoiceInvalid,
        $"'{Printable.Text(text)}' is no span of time: write numbers with w, d, h, m or s, such as 3d or 1d12h, or a TimeSpan such as 3.00:00:00.");

    /// <summary>The same; false when it is none.</summary>
    public static bool TryParse(string text, out TimeSpan age)
    {
        age = TimeSpan.Zero;
        var trimmed = text.Trim();
        if (trimmed == "0")
        {
            return true;
        }

        if (trimmed.Contains(':'))
        {
            return TimeSpan.TryParseExact(trimmed, "c", CultureInfo.InvariantCulture, out age) && age >= TimeSpan.Zero;
        }

        var match = Parts.Match(trimmed);
        if (trimmed.Length == 0 || !match.Success)
        {
            return false;
        }

        age = TimeSpan.FromDays((7 * Number("w")) + Number("d")) + TimeSpan.FromHours(Number("h")) + TimeSpan.FromMinutes(Number("m"))
            + TimeSpan.FromSeconds(Number("s"));
        return true;

        int Number(string unit) => match.Groups[unit].Success ? int.Parse(match.Groups[unit].Value, CultureInfo.InvariantCulture) : 0;
    }

    /// <summary>The shortest text for a span.</summary>
    internal static string Of(TimeSpan age)
    {
        var parts = new[] { (age.Days, "d"), (age.Hours, "h"), (age.Minutes, "m"), (age.Seconds, "s") }.Where(p => p.Item1 != 0)
            .Select(p => p.Item1.ToString(CultureInfo.InvariantCulture) + p.Item2).ToList();
        return parts.Count == 0 ? "0" : string.Concat(parts);
    }
}
