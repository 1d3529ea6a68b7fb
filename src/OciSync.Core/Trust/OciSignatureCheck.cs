using OciSync.Core.Text;

namespace OciSync.Core.Trust;

/// <summary>Whether a manifest is trusted: an image, or the index or a part of one. Every property survives CSV, JSON and Clixml.</summary>
public sealed class OciSignatureCheck
{
    /// <summary>The image.</summary>
    public string Reference { get; internal init; } = string.Empty;

    /// <summary>
    /// Trusted; Untrusted: it is refused, or no signature of it is accepted; Unsigned: a signature is needed and there is none; Unknown: it can't
    /// be said.
    /// </summary>
    public string Status { get; internal init; } = string.Empty;

    /// <summary>What the manifest is: <c>image</c>, <c>index</c>, <c>platform</c>, or <c>other</c> for attestations and artifacts in an index.</summary>
    public string Part { get; internal init; } = string.Empty;

    /// <summary>The platform that the index says of it, or null.</summary>
    public string? Platform { get; internal init; }

    /// <summary>The digest of the manifest; null where it wasn't read.</summary>
    public string? Digest { get; internal init; }

    /// <summary>Why.</summary>
    public string? Reason { get; internal init; }

    /// <summary>What would let it in, or null.</summary>
    public string? Remedy { get; internal init; }

    /// <summary>The scope of the policy that decides; null where keys were given.</summary>
    public string? Scope { get; internal init; }

    /// <summary>The requirement that decides, or null.</summary>
    public string? Requirement { get; internal init; }

    /// <summary>Who signed: fingerprints of keys, subjects of certificates.</summary>
    public TextList<string> Signer { get; internal init; } = [];

    /// <summary>How many signatures lie beside it.</summary>
    public int Signatures { get; internal init; }

    /// <summary>The policy; null where keys were given.</summary>
    public string? PolicyPath { get; internal init; }

    /// <summary>The stable id of the failure, or null.</summary>
    public string? ErrorId { get; internal init; }

    /// <summary>The failure in words, or null.</summary>
    public string? Error { get; internal init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Reference} {Status}";
}
