using OciSync.Core.Signing;

namespace OciSync.Core.Trust;

/// <summary>By what signatures are checked: a policy, or keys.</summary>
public sealed record TrustCheckOptions
{
    /// <summary>The policy; null where keys are given.</summary>
    public OciPolicy? Policy { get; init; }

    /// <summary>The contents of files of public keys, OpenPGP's and sigstore's (PEM); a signature by one of them is enough.</summary>
    public IReadOnlyList<byte[]> Keys { get; init; } = [];

    /// <summary>The content of a <c>trusted_root.json</c>, under which bundles of certificates count; null where keys or a policy are given.</summary>
    public byte[]? TrustedRoot { get; init; }

    /// <summary>Who has to have signed: an e-mail address or URI of the certificate; only with a trusted root.</summary>
    public string? CertificateIdentity { get; init; }

    /// <summary>Who has to have vouched for that: the OIDC issuer; only with a trusted root.</summary>
    public string? CertificateIssuer { get; init; }

    /// <summary>Both are regular expressions, which have to fit the whole text.</summary>
    public bool IsCertificatePattern { get; init; }

    /// <summary>A folder with a trust policy of the Notary Project and its certificates, by which its signatures count; null where others do.</summary>
    public string? NotaryFolder { get; init; }

    /// <summary>Looks at what was given, before any image is read.</summary>
    /// <exception cref="Errors.OciException">The trusted root or the trust policy is none, or who has to have signed isn't said.</exception>
    public void Validate()
    {
        _ = BundleRules.Of(this);
        _ = NotaryFolder is null ? null : new NotaryRules(NotaryFolder);
    }

    /// <summary>The name that signatures have to be for, in place of the image's own; only with keys.</summary>
    public string? Identity { get; init; }

    /// <summary>How it has to fit; only with keys.</summary>
    public NameMatch Match { get; init; }

    /// <summary>Of an image of several platforms the index has to be signed as well.</summary>
    public bool RequireIndex { get; init; }
}
