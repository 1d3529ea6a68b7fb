namespace OciSync.Core.Signing.Formats;

/// <summary>What cryptography says of a signature: the bytes that were signed and by whom, or why it proves nothing.</summary>
/// <param name="Payload">The signed bytes; null where it proves nothing.</param>
/// <param name="Signer">Fingerprint of the key, or the subject of the certificate.</param>
/// <param name="Refusal">Why it proves nothing, as a sentence without its end; null where it does.</param>
internal sealed record SignatureProof(byte[]? Payload, string? Signer, string? Refusal)
{
    /// <summary>A signature that holds.</summary>
    internal static SignatureProof By(string signer, byte[] payload) => new(payload, signer, null);

    /// <summary>A signature that proves nothing.</summary>
    internal static SignatureProof Refused(string reason) => new(null, null, reason);
}
