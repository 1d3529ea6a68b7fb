using OciSync.Core.References;
using OciSync.Core.Signing.Cryptography;
using OciSync.Core.Signing.Formats;
using OciSync.Core.Text;

namespace OciSync.Core.Signing.Notary;

/// <summary>
/// Checks signatures of the Notary Project with the certificates in them and trusted ones, and nothing from a network (Notary Project,
/// "Signature Verification"). Revocation would want one: a certificate that says where it could be asked is then not judged.
/// </summary>
/// <param name="statement">How strictly, and whose.</param>
/// <param name="authorities">The certificates of its trust stores of the kind <c>ca</c>.</param>
/// <param name="signingAuthorities">Those of the kind <c>signingAuthority</c>.</param>
internal sealed class NotaryVerifier(
    NotaryStatement statement, IReadOnlyList<Certificate> authorities, IReadOnlyList<Certificate> signingAuthorities)
{
    // Where a list of revoked certificates is, and where one can be asked for.
    private static readonly string[] RevocationExtensions = ["2.5.29.31", "1.3.6.1.5.5.7.1.1"];

    private readonly List<string> _warnings = [];

    /// <summary>Checks one signature.</summary>
    /// <param name="found">The signature.</param>
    /// <param name="image">The digest that it has to be of.</param>
    /// <param name="now">The time.</param>
    internal NotaryProof Check(FoundSignature found, Digest image, DateTimeOffset now)
    {
        _warnings.Clear();
        if (statement.ActionOf(NotaryCheck.Integrity) == NotaryAction.Skip)
        {
            return new NotaryProof(null, [], $"the trust policy '{Printable.Text(statement.Name)}' asks for no check", true);
        }

        try
        {
            var envelope = NotaryEnvelope.Read(found.Content, found.MediaType);
            var certificates = envelope.Certificates.Select(Certificate.Read).ToList();
            CheckIntegrity(envelope, certificates[0], image);
            var chain = CheckAuthenticity(envelope, certificates, now);
            Apply(NotaryCheck.Expiry, envelope.Expiry < now ? "the signature has expired" : null);
            var asks = (chain ?? certificates).Any(c => RevocationExtensions.Any(e => c.ReadExtension(e) is not null));
            if (asks && statement.ActionOf(NotaryCheck.Revocation) == NotaryAction.Enforce)
            {
                return new NotaryProof(null, _warnings, "whether its certificate was revoked would have to be asked over the network", true);
            }

            return new NotaryProof(certificates[0].SubjectText, [.. _warnings], null, false);
        }
        catch (FormatException e)
        {
            return new NotaryProof(null, [.. _warnings], e.Message, false);
        }
    }

    private static void CheckIntegrity(NotaryEnvelope envelope, Certificate signer, Digest image)
    {
        var key = signer.ReadKey();
        Refuse(AlgorithmSignature.Suits(envelope.Algorithm, key) ? null : $"{Printable.Text(envelope.Algorithm)} does not go with a key of {key.Kind}");
        Refuse(AlgorithmSignature.IsBy(envelope.Algorithm, key, envelope.SignedBytes, envelope.Signature)
            ? null : "the signature is not by its certificate, or what it signs was changed");
        var target = NotaryTarget.Read(envelope.Payload);
        Refuse(target == image.ToString() ? null : $"it is of another image: {Printable.Text(target)}");
    }

    private IReadOnlyList<Certificate>? CheckAuthenticity(NotaryEnvelope envelope, List<Certificate> certificates, DateTimeOffset now)
    {
        var byAuthority = envelope.Scheme == NotaryEnvelope.SigningAuthority;
        Refuse(byAuthority || envelope.Scheme == NotaryEnvelope.X509 ? null : $"its signing scheme '{Printable.Text(envelope.Scheme)}' is not known");
        Refuse(byAuthority && envelope.AuthenticTime is null ? "its signing scheme wants a time, and it has none" : null);
        var roots = byAuthority ? signingAuthorities : authorities;
        var signer = certificates[0];
        var chain = CertificateChain.Find(signer, [.. certificates.Skip(1)], roots, byAuthority ? envelope.AuthenticTime!.Value : now, out var fault);
        if (chain is null && CertificateChain.Find(signer, [.. certificates.Skip(1)], roots, signer.NotAfter, out _) is { } earlier)
        {
            // Only its time is over.
            Apply(NotaryCheck.AuthenticTimestamp, $"{fault}, and no timestamp is checked here");
            chain = earlier;
            fault = null;
        }

        Apply(NotaryCheck.Authenticity, fault);
        Apply(NotaryCheck.Authenticity, statement.Trusts(signer) ? null : $"the certificate is of '{signer.SubjectText}', which is no trusted identity");
        return chain;
    }

    private void Apply(NotaryCheck check, string? fault)
    {
        if (fault is null)
        {
            return;
        }

        switch (statement.ActionOf(check))
        {
            case NotaryAction.Enforce:
                throw new FormatException(fault);
            case NotaryAction.Log:
                _warnings.Add(fault);
                break;
            default:
                break;
        }
    }

    private static void Refuse(string? fault)
    {
        if (fault is not null)
        {
            throw new FormatException(fault);
        }
    }
}
