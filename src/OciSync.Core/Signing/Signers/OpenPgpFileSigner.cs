using OciSync.Core.References;
using OciSync.Core.Signing.Formats;
using OciSync.Core.Signing.OpenPgp;

namespace OciSync.Core.Signing.Signers;

/// <summary>A secret key out of a file; no gpg is needed.</summary>
/// <param name="path">The file, for messages.</param>
/// <param name="key">The key.</param>
internal sealed class OpenPgpFileSigner(string path, OpenPgpSigningKey key) : OpenPgpSigner(key.Fingerprint)
{
    internal override Task<byte[]> SignAsync(byte[] payload, DateTimeOffset now, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            return Task.FromResult(key.Sign(payload, now));
        }
        catch (SigningKeyException e)
        {
            throw Fail($"The key in '{path}'", e);
        }
    }

    internal override bool HasMade(FoundSignature signature, Digest manifest, string? identity, DateTimeOffset now) =>
        signature.Kind == SignatureKind.OpenPgp
        && key.FindSigned(signature.Content, now) is { } payload
        && Says(payload, SignatureKind.OpenPgp, manifest, identity);
}
