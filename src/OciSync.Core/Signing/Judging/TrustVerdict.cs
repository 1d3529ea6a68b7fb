namespace OciSync.Core.Signing.Judging;

/// <summary>What was found of one manifest, and why.</summary>
/// <param name="Status">What.</param>
/// <param name="Reason">Why, as a sentence without its end.</param>
internal sealed record TrustVerdict(TrustStatus Status, string Reason)
{
    /// <summary>Who signed, as far as requirements are satisfied: fingerprints of keys, subjects of certificates; each once.</summary>
    internal IReadOnlyList<string> Signers { get; init; } = [];

    /// <summary>What may be changed so that it is trusted, as a whole sentence or several; null where there is nothing to say.</summary>
    internal string? Remedy { get; init; }

    /// <summary>The requirement that decided, or null where none asks for a signature.</summary>
    internal PolicyRequirement? Requirement { get; init; }
}
