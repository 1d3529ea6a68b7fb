namespace OciSync.Core.Signing;

/// <summary>One of the requirements that an image has to satisfy, all of them (containers-policy.json(5), "POLICY REQUIREMENTS").</summary>
internal abstract record PolicyRequirement
{
    private PolicyRequirement()
    {
    }

    /// <summary>The word for it in the file.</summary>
    internal abstract string Type { get; }

    /// <summary>As in the file, with keys and identity: <c>signedBy (/etc/pki/a.gpg; matchRepository)</c>.</summary>
    public sealed override string ToString() => Type + Details;

    private protected virtual string Details => string.Empty;

    private static string In(params string?[] parts) => " (" + string.Join("; ", parts.Where(p => p is not null)) + ")";

    /// <summary>Every image satisfies it, and no signature is looked at.</summary>
    internal sealed record InsecureAcceptAnything : PolicyRequirement
    {
        internal override string Type => "insecureAcceptAnything";
    }

    /// <summary>No image satisfies it.</summary>
    internal sealed record Reject : PolicyRequirement
    {
        internal override string Type => "reject";
    }

    /// <summary>A signature by an OpenPGP key. Only the key type <c>GPGKeys</c> can be satisfied; the others are reserved.</summary>
    internal sealed record SignedBy(string KeyType, KeySource Keys, SignedIdentity Identity) : PolicyRequirement
    {
        internal override string Type => "signedBy";

        private protected override string Details => In(KeyType == KeyTypes.Gpg ? null : KeyType, Keys.ToString(), Identity.ToString());
    }

    /// <summary>A sigstore signature: by a key, or by a certificate of Fulcio's or of a PKI of one's own. Rekor's keys, where they are given, have to vouch for it.</summary>
    internal sealed record SigstoreSigned(KeySource? Keys, FulcioTrust? Fulcio, PkiTrust? Pki, KeySource? Rekor, SignedIdentity Identity) : PolicyRequirement
    {
        internal override string Type => "sigstoreSigned";

        /// <summary>All files and data that have to be there.</summary>
        internal IEnumerable<KeySource> Sources => new[] { Keys, Fulcio?.Authority, Pki?.Roots, Pki?.Intermediates, Rekor }.OfType<KeySource>();

        private protected override string Details =>
            In(Keys?.ToString(), Fulcio?.ToString(), Pki?.ToString(), Rekor is null ? null : "rekor " + Rekor, Identity.ToString());
    }

    /// <summary>Reserved: it is read, and no image satisfies it.</summary>
    internal sealed record SignedBaseLayer(SignedIdentity Identity) : PolicyRequirement
    {
        internal override string Type => "signedBaseLayer";

        private protected override string Details => In(Identity.ToString());
    }
}
