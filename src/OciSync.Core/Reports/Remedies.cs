using OciSync.Core.Errors;

namespace OciSync.Core.Reports;

/// <summary>Causes and remedies by error id, as docs/errors.md has them: the page is a part of this assembly.</summary>
internal static class Remedies
{
    private static readonly Lazy<Dictionary<string, (string Cause, string Remedy)>> All = new(() => Parse(Resources.Read("errors.md")));

    // Tried again as they are they would fail again: something has to be given in another way.
    private static readonly HashSet<string> OfInput = new(
        new[]
        {
            OciErrorKind.ReferenceInvalid, OciErrorKind.TagRequired, OciErrorKind.ChoiceInvalid, OciErrorKind.NameCollision, OciErrorKind.SourceMoved,
            OciErrorKind.TransportUnsupported, OciErrorKind.PlatformUnknown, OciErrorKind.NotConvertible, OciErrorKind.CredentialAmbiguous,
            OciErrorKind.PruneLimitExceeded,
        }.Select(kind => "Oci" + kind),
        StringComparer.Ordinal);

    /// <summary>What leads to the error and what helps; null for an id that is not known.</summary>
    internal static (string Cause, string Remedy)? Find(string errorId) => All.Value.TryGetValue(errorId, out var found) ? found : null;

    /// <summary>Trying it again as it is can help, once its cause is mended.</summary>
    internal static bool CanTryAgain(string? errorId) => errorId is null || !OfInput.Contains(errorId);

    private static Dictionary<string, (string Cause, string Remedy)> Parse(string page)
    {
        var found = new Dictionary<string, (string, string)>(StringComparer.Ordinal);
        foreach (var section in page.Split(["\n## "], StringSplitOptions.None).Skip(1))
        {
            var lines = section.Split('\n');
            found[lines[0].Trim()] = (Value(lines, "- Cause: "), Value(lines, "- Remedy: "));
        }

        return found;
    }

    private static string Value(string[] lines, string mark) =>
        lines.FirstOrDefault(l => l.StartsWith(mark, StringComparison.Ordinal))?.Substring(mark.Length).Replace("`", string.Empty) ?? string.Empty;
}
