namespace OciSync.Core.Trust;

/// <summary>A signature that a manifest of an image has by now. Every property survives CSV, JSON and Clixml.</summary>
public sealed class OciAddedSignature
{
    /// <summary>The image.</summary>
    public string Reference { get; internal init; } = string.Empty;

    /// <summary>Added; or UpToDate: the manifest had a good signature by this key and for this name already.</summary>
    public string Status { get; internal init; } = string.Empty;

    /// <summary>What the manifest is: <c>image</c>, <c>index</c>, <c>platform</c>, or <c>other</c> for attestations and artifacts in an index.</summary>
    public string Part { get; internal init; } = string.Empty;

    /// <summary>The platform that the index says of it, or null.</summary>
    public string? Platform { get; internal init; }

    /// <summary>The digest of the manifest.</summary>
    public string Digest { get; internal init; } = string.Empty;

    /// <summary>Attachment, Bundle or OpenPgp.</summary>
    public string Format { get; internal init; } = string.Empty;

    /// <summary>The fingerprint of the key.</summary>
    public string Signer { get; internal init; } = string.Empty;

    /// <summary>The name that was signed; null for a bundle, which says the digest alone.</summary>
    public string? Identity { get; internal init; }

    /// <summary>Where the signature lies: a tag, a digest, a file; null where it was there already.</summary>
    public string? Place { get; internal init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Status} {Reference} {Signer}";
}
