using OciSync.Core.Errors;
using OciSync.Core.References;
using OciSync.Core.Signing.Bundles;
using OciSync.Core.Signing.Cryptography;
using OciSync.Core.Signing.Formats;
using OciSync.Core.Signing.Sigstore;

namespace OciSync.Core.Signing.Signers;

/// <summary>A key of sigstore's, which signs attachments or bundles.</summary>
internal sealed class SigstoreSigner : OciSigner
{
    private readonly SigstoreTrust _trust;

    internal SigstoreSigner(PrivateKey key, SignatureFormat format = SignatureFormat.Attachment)
        : base($"{key.Public.Fingerprint} ({key.Public.Kind})", format)
    {
        Key = key;
        _trust = new SigstoreTrust { Keys = [System.Text.Encoding.ASCII.GetBytes(new PemBlock("PUBLIC KEY", key.Public.Bytes).Write())] };
    }

    internal PrivateKey Key { get; }

    internal override OciSigner With(SignatureFormat format) => format == Format ? this
        : format != SignatureFormat.OpenPgp ? new SigstoreSigner(Key, format)
        : throw new OciException(
            OciErrorKind.ChoiceInvalid,
            $"The key {Name} is one of sigstore's and makes no signature of the format OpenPgp; that wants a secret key of OpenPGP, or one of gpg's.");

    internal override bool HasMade(FoundSignature signature, Digest manifest, string? identity, DateTimeOffset now) => Format == SignatureFormat.Bundle
        ? signature.Kind == SignatureKind.Bundle && BundleVerifier.Check(signature.Content, [Key.Public], manifest).Refusal is null
        : signature.Kind == SignatureKind.Sigstore
            && SigstoreVerifier.Check(signature, _trust, now).Payload is { } payload
            && Says(payload, SignatureKind.Sigstore, manifest, identity);
}
