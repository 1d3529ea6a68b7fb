using System.Globalization;
using System.Net;
using OciSync.Core.Text;

namespace OciSync.Core.Reports;

/// <summary>Markup. What is put into a hole of it is text, whatever it says, unless it is markup itself.</summary>
internal readonly struct Html
{
    private readonly string? _markup;

    private Html(string markup) => _markup = markup;

    internal static Html Empty => new(string.Empty);

    /// <summary>Markup with holes; attributes stand in double quotes.</summary>
    internal static Html Of(FormattableString text) =>
        new(string.Format(CultureInfo.InvariantCulture, text.Format, text.GetArguments().Select(Fit).ToArray()));

    internal static Html Join(IEnumerable<Html> parts) => new(string.Concat(parts.Select(p => p.ToString())));

    /// <summary>A text whose line breaks are its own.</summary>
    internal static Html Lines(string text) => new(WebUtility.HtmlEncode(Printable.Lines(text)));

    public override string ToString() => _markup ?? string.Empty;

    private static object Fit(object? value) => value switch
    {
        Html html => html.ToString(),
        int or long or double => value,
        _ => Encode(value),
    };

    // Control characters and those that turn the direction of writing are shown as their code points.
    private static string Encode(object? value) =>
        WebUtility.HtmlEncode(Printable.Line(Convert.ToString(value, CultureInfo.InvariantCulture) ?? string.Empty));
}
