namespace OciSync.Core.Trust;

/// <summary>A signature as it lies beside an image. Nothing of it is checked: what it says anybody may have written.</summary>
public sealed class OciSignature
{
    /// <summary>The image.</summary>
    public string Reference { get; internal init; } = string.Empty;

    /// <summary>The digest of the manifest that it lies beside.</summary>
    public string Digest { get; internal init; } = string.Empty;

    /// <summary>The platform that the index says of that manifest, or null.</summary>
    public string? Platform { get; internal init; }

    /// <summary>OpenPgp or Sigstore.</summary>
    public string Kind { get; internal init; } = string.Empty;

    /// <summary>The fingerprint or, where that isn't said, the number of the key that is said to have signed; or the certificate's subject; or null.</summary>
    public string? KeyId { get; internal init; }

    /// <summary>The name that the image is said to be signed under, or null.</summary>
    public string? Identity { get; internal init; }

    /// <summary>The digest that is said to be signed; another one than <see cref="Digest"/> makes the signature worthless.</summary>
    public string? SignedDigest { get; internal init; }

    /// <summary>The program that is said to have signed, or null.</summary>
    public string? Creator { get; internal init; }

    /// <summary>When it is said to have been signed, or null.</summary>
    public DateTimeOffset? Timestamp { get; internal init; }

    /// <summary>Where it lies: a file, an address, a tag.</summary>
    public string Place { get; internal init; } = string.Empty;

    /// <summary>The signed text as it is said to be, or null where it can't be read.</summary>
    public string? Payload { get; internal init; }

    /// <summary>What is wrong with its form, or null.</summary>
    public string? Fault { get; internal init; }

    /// <summary>Always false: Test-OciSignature checks.</summary>
    public bool IsVerified { get; }

    /// <inheritdoc/>
    public override string ToString() => $"{Reference} {Kind} {KeyId} (not verified)";
}
