using OciSync.Core.Errors;
using OciSync.Core.References;
using OciSync.Core.Signing.Bundles;
using OciSync.Core.Signing.Cryptography;
using OciSync.Core.Signing.Formats;
using OciSync.Core.Signing.Judging;

namespace OciSync.Core.Trust;

/// <summary>Whose bundles count: those of keys, and those of somebody whom a trusted root knows. A bundle names no image: its digest is compared.</summary>
internal sealed class BundleRules
{
    private readonly IReadOnlyList<PublicKey> _keys;
    private readonly TrustedRoot? _root;
    private readonly SignerIdentity? _identity;

    private BundleRules(IReadOnlyList<PublicKey> keys, TrustedRoot? root, SignerIdentity? identity)
    {
        _keys = keys;
        _root = root;
        _identity = identity;
    }

    /// <summary>Reads what is trusted.</summary>
    /// <exception cref="OciException">
    /// The trusted root is none, or who has to have signed isn't said: <see cref="OciErrorKind.ConfigurationInvalid"/>.
    /// </exception>
    internal static BundleRules Of(TrustCheckOptions options)
    {
        try
        {
            return options.TrustedRoot is { } root
                ? new BundleRules([], TrustedRoot.Read(root), options.IsCertificatePattern
                    ? SignerIdentity.Patterns(options.CertificateIdentity ?? string.Empty, options.CertificateIssuer ?? string.Empty)
                    : SignerIdentity.Exact(options.CertificateIdentity ?? string.Empty, options.CertificateIssuer ?? string.Empty))
                : new BundleRules([.. options.Keys.Select(TryRead).OfType<PublicKey>()], null, null);
        }
        catch (FormatException e)
        {
            throw new OciException(OciErrorKind.ConfigurationInvalid, $"The trusted root can't be used: {e.Message}.", e);
        }
        catch (ArgumentException e)
        {
            throw new OciException(OciErrorKind.ConfigurationInvalid, $"Who has to have signed is not said as it has to be: {e.Message}", e);
        }
    }

    /// <summary>Whether there is anything by which a bundle could count.</summary>
    internal bool AsksForBundles => _root is not null || _keys.Count > 0;

    /// <summary>Judges a manifest by its bundles; null where it has none.</summary>
    internal TrustVerdict? Judge(Digest manifest, IReadOnlyList<FoundSignature> found)
    {
        var proofs = found.Where(f => f.Kind == SignatureKind.Bundle).Select(f => Check(f.Content, manifest)).ToList();
        if (proofs.Find(p => p.Refusal is null) is { } good)
        {
            return new TrustVerdict(
                TrustStatus.Trusted, "signed by a sigstore bundle; it says the digest alone, and no name of an image") { Signers = [good.Signer!] };
        }

        return proofs.Count == 0 ? null : new TrustVerdict(
            proofs.TrueForAll(p => p.IsUnsupported) ? TrustStatus.Unknown : TrustStatus.Untrusted,
            (proofs.Count == 1 ? "its bundle is not accepted: " : $"none of its {proofs.Count} bundles is accepted: ")
                + string.Join("; ", proofs.Select(p => p.Refusal).Distinct(StringComparer.Ordinal)));
    }

    private BundleProof Check(byte[] content, Digest manifest) =>
        _root is { } root ? BundleVerifier.Check(content, root, _identity!, manifest) : BundleVerifier.Check(content, _keys, manifest);

    // A key of OpenPGP signs no bundle; and what is no key at all is told where attachments are judged.
    private static PublicKey? TryRead(byte[] key)
    {
        try
        {
            return PublicKey.ReadPem(key);
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
