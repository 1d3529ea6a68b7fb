namespace OciSync.Core.Signing.Sigstore;

/// <summary>Whose sigstore signatures count: exactly one of keys, Fulcio and PKI (containers-policy.json(5), "sigstoreSigned").</summary>
internal sealed record SigstoreTrust
{
    /// <summary>Public keys, PEM; each may have signed.</summary>
    internal IReadOnlyList<byte[]>? Keys { get; init; }

    /// <summary>Certificates of Fulcio.</summary>
    internal FulcioAuthority? Fulcio { get; init; }

    /// <summary>Certificates of a PKI of one's own.</summary>
    internal PkiAuthority? Pki { get; init; }

    /// <summary>The keys of logs, PEM, of which one has to vouch for the signature; null where no log is asked for.</summary>
    internal IReadOnlyList<byte[]>? RekorKeys { get; init; }
}
