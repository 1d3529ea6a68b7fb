namespace OciSync.Core.Signing.Formats;

/// <summary>A signature as it was found beside an image; nothing of it is checked.</summary>
/// <param name="Kind">The format.</param>
/// <param name="Content">The OpenPGP message with its payload, or the sigstore payload alone: the very bytes.</param>
/// <param name="MediaType">The media type of a sigstore payload; empty for OpenPGP.</param>
/// <param name="Annotations">What lies beside a sigstore payload: signature, certificate, chain, log entry.</param>
/// <param name="Place">Where it lies, as users see it: a file, an address without secrets, a tag.</param>
internal sealed record FoundSignature(
    SignatureKind Kind,
    byte[] Content,
    string MediaType,
    IReadOnlyDictionary<string, string> Annotations,
    string Place);
