using OciSync.Core.References;

namespace OciSync.Core.Signing.Formats;

/// <summary>
/// What a signature of an image says (containers-signature(5), "JSON data format"; cosign's signature specification, "Simple Signing"). All of it
/// is a claim until the signature over its bytes is checked; creator and time stay claims of the signer.
/// </summary>
/// <param name="Kind">The format, whose type stands in the text.</param>
/// <param name="DockerReference">The name that the image was signed under, as written.</param>
/// <param name="Digest">The digest of the manifest.</param>
/// <param name="Creator">The program that signed, or null.</param>
/// <param name="Timestamp">When, or null where it isn't said or is no time that can be told.</param>
internal sealed record SignedPayload(SignatureKind Kind, string DockerReference, Digest Digest, string? Creator, DateTimeOffset? Timestamp)
{
    /// <summary>Longer texts are no payloads.</summary>
    internal const int MaxLength = 4 * 1024 * 1024;

    /// <summary>The type of simple signing.</summary>
    internal const string OpenPgpType = "atomic container signature";

    /// <summary>The type of sigstore.</summary>
    internal const string SigstoreType = "cosign container image signature";

    /// <summary>
    /// Reads a payload as strictly as skopeo: each name once, in this case, and no unknown one but in <c>optional</c>, which may be <c>null</c> in
    /// sigstore alone.
    /// </summary>
    /// <param name="content">The signed bytes.</param>
    /// <param name="kind">The format that it has to be of.</param>
    /// <param name="fault">What is wrong, as a sentence without its end; null when nothing is.</param>
    internal static SignedPayload? Read(byte[] content, SignatureKind kind, out string? fault) => SignedPayloadReader.Read(content, kind, out fault);
}
