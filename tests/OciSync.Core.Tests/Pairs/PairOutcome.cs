namespace OciSync.Core.Tests.Pairs;

/// <summary>What came of a case.</summary>
internal sealed record PairOutcome(PairCase Case, string Text)
{
    internal const string Bytes = "same bytes";
    internal const string Content = "same config and layers";
    internal const string OnePlatform = "one platform: same config and layers";
    internal const string Refused = "`OciManifestRefused`";
    internal const string Skipped = "skipped";

    /// <summary>What is wrong with it; null when it is as it has to be, or was not tried.</summary>
    internal string? Wrong => Text == Case.Expected || Text.StartsWith(Skipped, StringComparison.Ordinal) ? null : $"{Case}: '{Text}', not '{Case.Expected}'";
}
