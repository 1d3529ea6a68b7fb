namespace OciSync.Core.Signing.OpenPgp;

/// <summary>What an OpenPGP message says of itself; nothing of it is proven.</summary>
/// <param name="KeyId">The number of the key, 16 hexadecimal digits; null when it isn't said.</param>
/// <param name="Fingerprint">The fingerprint of the key, 40 hexadecimal digits; null when it isn't said.</param>
/// <param name="Created">When it was signed; null when it isn't said.</param>
/// <param name="Payload">What was signed; null when that can't be read.</param>
/// <param name="Fault">Why it can't be read, as a sentence without its end; null when it can.</param>
internal sealed record OpenPgpDescription(string? KeyId, string? Fingerprint, DateTimeOffset? Created, byte[]? Payload, string? Fault);
