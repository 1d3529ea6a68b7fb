using System.Globalization;
using OciSync.Core.Finding.Documents;
using OciSync.Core.Text;
using OciSync.Core.Yaml;

namespace OciSync.Core.Finding.Values;

/// <summary>Tags without quotes that YAML reads as numbers: Helm and kustomize write them in another way, or refuse them.</summary>
internal static class NumberTags
{
    // Go prints larger numbers with an exponent, and Helm has every number as one with a fraction.
    private const double Large = 1_000_000;

    /// <summary>Warns of the tag of an image in Helm values that Helm would render as another text.</summary>
    internal static void Warn(SourceNode element, FoundImages found)
    {
        var tag = element.Find("tag") ?? element.Find("version");
        if (tag is { IsScalar: true, Style: SourceStyle.Plain } && FindRendered(tag.Text) is { } rendered)
        {
            found.Warn(tag.Source, tag.Start, $"The tag '{Printable.Text(tag.Text)}' is a number without quotes; Helm may render it as {rendered}. Write \"{Printable.Text(tag.Text)}\".");
        }
    }

    /// <summary>Whether a plain scalar is a number to YAML.</summary>
    internal static bool IsNumber(SourceNode scalar) =>
        scalar.Style == SourceStyle.Plain && double.TryParse(scalar.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out _);

    private static string? FindRendered(string text)
    {
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || double.IsInfinity(number) || double.IsNaN(number))
        {
            return null;
        }

        // YAML 1.1, which Helm's reader follows here: digits with a zero before them are octal.
        if (text.Length > 1 && text[0] == '0' && text.All(c => c is >= '0' and <= '7'))
        {
            return Convert.ToInt64(text.Length > 20 ? "0" : text, 8).ToString(CultureInfo.InvariantCulture);
        }

        var rendered = number >= Large ? number.ToString("0.################e+00", CultureInfo.InvariantCulture)
            : number.ToString("R", CultureInfo.InvariantCulture);
        return rendered == text ? null : rendered;
    }
}
