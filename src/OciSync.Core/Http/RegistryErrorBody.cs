using System.Text;
using System.Text.Json;
using OciSync.Core.Text;

namespace OciSync.Core.Http;

/// <summary>The <c>errors</c> of a registry's answer; anything else (a proxy's page, plain text) gives at most one short line.</summary>
internal static class RegistryErrorBody
{
    private const int MaxText = 300;
    private const int MaxErrors = 20;
    private const int LongestLine = 4000;

    /// <param name="body">The body.</param>
    /// <param name="hide">Takes out of the text what may not be shown.</param>
    internal static (IReadOnlyList<string> Codes, string Text) Read(byte[] body, Func<string, string>? hide = null)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("errors", out var errors) && errors.ValueKind == JsonValueKind.Array)
            {
                return Read(errors, hide);
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Not the registry's own words: shown as text below.
        }

        return ([], Clean(Encoding.UTF8.GetString(body), hide));
    }

    private static (IReadOnlyList<string> Codes, string Text) Read(JsonElement errors, Func<string, string>? hide)
    {
        var codes = new List<string>();
        var texts = new List<string>();
        foreach (var error in errors.EnumerateArray().Where(e => e.ValueKind == JsonValueKind.Object).Take(MaxErrors))
        {
            codes.Add(Printable.Text(hide is null ? Text(error, "code") : hide(Text(error, "code"))));
            var detail = error.TryGetProperty("detail", out var value) && value.ValueKind == JsonValueKind.String ? " " + value.GetString() : string.Empty;
            texts.Add($"{Text(error, "code")} {Text(error, "message")}{detail}".Trim());
        }

        return (codes, Clean(string.Join("; ", texts), hide));
    }

    private static string Text(JsonElement error, string name) =>
        error.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : string.Empty;

    private static string Clean(string text, Func<string, string>? hide)
    {
        text = hide is null ? text : hide(text);
        if (text.TrimStart().StartsWith("<", StringComparison.Ordinal))
        {
            return string.Empty;
        }

        var line = Printable.Line(text.Length > LongestLine ? text.Substring(0, LongestLine) : text).Trim();
        return line.Length > MaxText ? line.Substring(0, MaxText) + "…" : line;
    }
}
