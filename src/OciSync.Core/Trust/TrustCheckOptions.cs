using OciSync.Core.Signing;

namespace OciSync.Core.Trust;

/// <summary>By what signatures are checked: a policy, or keys.</summary>
public sealed record TrustCheckOptions
{
    /// <summary>The policy; null where keys are given.</summary>
    public OciPolicy? Policy { get; init; }

    /// <summary>The contents of files of public keys, OpenPGP's and sigstore's (PEM); a signature by one of them is enough.</summary>
    public IReadOnlyList<byte[]> Keys { get; init; } = [];

    /// <summary>The name that signatures have to be for, in place of the image's own; only with keys.</summary>
    public string? Identity { get; init; }

    /// <summary>How it has to fit; only with keys.</summary>
    public NameMatch Match { get; init; }

    /// <summary>Of an image of several platforms the index has to be signed as well.</summary>
    public bool RequireIndex { get; init; }
}
