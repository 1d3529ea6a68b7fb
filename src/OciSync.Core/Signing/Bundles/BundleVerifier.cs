using OciSync.Core.References;
using OciSync.Core.Signing.Cryptography;

namespace OciSync.Core.Signing.Bundles;

/// <summary>
/// Checks sigstore bundles with what is in them and nothing from a network. A bundle has no name of an image: it is compared by its digest alone.
/// </summary>
internal static class BundleVerifier
{
    /// <summary>Checks a bundle that a key signed; what logs say of it is not asked.</summary>
    /// <param name="content">The bundle.</param>
    /// <param name="keys">The keys of which one has to have signed.</param>
    /// <param name="image">The digest that it has to be of.</param>
    internal static BundleProof Check(byte[] content, IReadOnlyList<PublicKey> keys, Digest image) => Judge(() =>
    {
        var bundle = SigstoreBundle.Read(content);
        if (bundle.Certificate is not null)
        {
            return BundleProof.Refused("it is signed by a certificate, and not by a key");
        }

        var signer = keys.FirstOrDefault(k => k.IsByEither(bundle.Envelope.SignedBytes, bundle.Envelope.Signature));
        return signer is null ? BundleProof.Refused(keys.Count == 1
                ? $"the signature is not by the key {keys[0].Fingerprint} ({keys[0].Kind}), or what it signs was changed"
                : $"the signature is by none of the {keys.Count} keys, or what it signs was changed")
            : bundle.Statement.FindFault(image) is { } fault ? BundleProof.Refused(fault)
            : BundleProof.By($"{signer.Fingerprint} ({signer.Kind})", null);
    });

    /// <summary>Checks a bundle that was signed with a certificate of the moment.</summary>
    /// <param name="content">The bundle.</param>
    /// <param name="root">Whom it rests on.</param>
    /// <param name="identity">Who has to have signed.</param>
    /// <param name="image">The digest that it has to be of.</param>
    internal static BundleProof Check(byte[] content, TrustedRoot root, SignerIdentity identity, Digest image) =>
        Judge(() => new KeylessCheck(SigstoreBundle.Read(content), root).Run(identity, image));

    private static BundleProof Judge(Func<BundleProof> check)
    {
        try
        {
            return check();
        }
        catch (FormatException e)
        {
            return BundleProof.Refused(e.Message);
        }
        catch (BundleStepException e)
        {
            return BundleProof.Unsupported(e.Message);
        }
    }
}
