namespace OciSync.Core.Signing.Stores;

/// <summary>What a scope of registries.d says (containers-registries.d(5), "Individual Configuration Sections"); null for what it doesn't say.</summary>
/// <param name="Place">The file with the line.</param>
internal sealed record RegistriesScope(PlacedText Place)
{
    /// <summary>Where signatures are read, and written where nothing else is said: <c>lookaside</c>, or <c>sigstore</c> as it was called.</summary>
    internal PlacedText? Lookaside { get; init; }

    /// <summary>Where signatures are written: <c>lookaside-staging</c>, or <c>sigstore-staging</c>.</summary>
    internal PlacedText? Staging { get; init; }

    /// <summary>Whether sigstore's attachments (tags <c>sha256-HEX.sig</c>) are read and written.</summary>
    internal bool? UseAttachments { get; init; }
}
