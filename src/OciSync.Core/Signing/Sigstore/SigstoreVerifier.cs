using OciSync.Core.Signing.Cryptography;
using OciSync.Core.Signing.Formats;
using OciSync.Core.Text;

namespace OciSync.Core.Signing.Sigstore;

/// <summary>
/// Checks sigstore signatures with what lies beside them and nothing from a network, as skopeo does (containers-policy.json(5), "sigstoreSigned").
/// Keys and certificates are read once, however many signatures are checked.
/// </summary>
internal sealed class SigstoreVerifier
{
    private const int MostCertificates = 16;

    private readonly SigstoreTrust _trust;
    private readonly IReadOnlyList<PublicKey> _keys = [];
    private readonly IReadOnlyList<PublicKey> _logs = [];
    private readonly IReadOnlyList<Certificate> _roots = [];
    private readonly IReadOnlyList<Certificate> _between = [];
    private readonly string? _fault;

    /// <summary>Reads what is trusted; what can't be read refuses every signature, with that reason.</summary>
    internal SigstoreVerifier(SigstoreTrust trust)
    {
        _trust = trust;
        try
        {
            _keys = ReadKeys(trust.Keys, "the public key");
            _logs = ReadKeys(trust.RekorKeys, "the key of the log");
            if (_logs.Any(l => !l.IsEcdsa))
            {
                throw new FormatException("the key of a log has to be ECDSA");
            }

            _roots = ReadCertificates(trust.Fulcio?.Roots ?? trust.Pki?.Roots, "the file of authorities");
            _between = ReadCertificates(trust.Pki?.Intermediates, "the file of certificates between");
            _fault = FindFault(trust);
        }
        catch (FormatException e)
        {
            _fault = e.Message;
        }
    }

    /// <summary>Checks one signature.</summary>
    /// <param name="found">The signature as it was found.</param>
    /// <param name="trust">Whose signatures count.</param>
    /// <param name="now">The time, for certificates whose time of use no log tells.</param>
    internal static SignatureProof Check(FoundSignature found, SigstoreTrust trust, DateTimeOffset now) => new SigstoreVerifier(trust).Check(found, now);

    /// <summary>Why what is trusted can't be used, as a sentence without its end, or null.</summary>
    internal string? Fault => _fault;

    /// <summary>Checks one signature.</summary>
    /// <param name="found">The signature as it was found.</param>
    /// <param name="now">The time, for certificates whose time of use no log tells.</param>
    internal SignatureProof Check(FoundSignature found, DateTimeOffset now)
    {
        if (_fault is not null)
        {
            return SignatureProof.Refused(_fault);
        }

        if (found.Kind != SignatureKind.Sigstore || found.MediaType != SigstoreAnnotations.PayloadType)
        {
            return SignatureProof.Refused($"it is no sigstore signature: its media type is '{Printable.Text(found.MediaType)}'");
        }

        try
        {
            var signature = StrictJson.Base64(Need(found, SigstoreAnnotations.Signature), "the signature");
            var (signers, name) = FindSigners(found, signature, now);
            return signers.FirstOrDefault(s => s.IsBy(found.Content, signature)) is { } signer
                ? SignatureProof.By(name ?? Name(signer), found.Content)
                : SignatureProof.Refused(name is not null ? $"the signature is not by the certificate of {name}, or what it signs was changed"
                    : signers.Count == 1 ? $"the signature is not by the key {Name(signers[0])}, or what it signs was changed"
                    : $"the signature is by none of the {signers.Count} keys, or what it signs was changed");
        }
        catch (FormatException e)
        {
            return SignatureProof.Refused(e.Message);
        }
    }

    // The keys of which one has to have signed; with the name of their owner where it is a certificate's.
    private (IReadOnlyList<PublicKey> Signers, string? Name) FindSigners(FoundSignature found, byte[] signature, DateTimeOffset now)
    {
        if (_trust.Keys is not null)
        {
            return (_trust.RekorKeys is null ? _keys : [FindLoggedKey(found, signature)], null);
        }

        var promise = _trust.Fulcio is null ? null : ReadPromise(found);
        var text = Need(found, SigstoreAnnotations.Certificate);
        var certificate = Named("the certificate", () => Certificate.ReadPem(text, MostCertificates)) is { Count: 1 } one
            ? one[0] : throw new FormatException("the annotation of the certificate has none, or several");
        if (promise is not null)
        {
            var block = PemBlock.ReadFirst(text, out var rest);
            var fault = rest.Length > 0 ? "the annotation of the certificate has more after it"
                : HashedRecord.Read(promise.Body).FindFault(block!.Content, signature, found.Content);
            Refuse(fault);
        }

        var name = _trust.Fulcio is { } fulcio
            ? CheckFulcio(fulcio, found, certificate, promise!.IntegratedTime)
            : CheckPki(_trust.Pki!, found, certificate, now);
        return ([Named("the key of the certificate", certificate.ReadKey)], name);
    }

    private PublicKey FindLoggedKey(FoundSignature found, byte[] signature)
    {
        var record = HashedRecord.Read(ReadPromise(found).Body);
        var faults = _keys.Select(k => (Key: k, Fault: record.FindFault(k.Bytes, signature, found.Content))).ToList();
        return faults.FirstOrDefault(f => f.Fault is null).Key
            ?? throw new FormatException(string.Join(", ", faults.Select(f => f.Fault).Distinct()));
    }

    private LogPromise ReadPromise(FoundSignature found)
    {
        var promise = LogPromise.Read(Need(found, SigstoreAnnotations.Bundle));
        return _logs.Any(promise.IsBy) ? promise
            : throw new FormatException("the log's entry is signed by none of the logs that are trusted, or was changed");
    }

    private string CheckFulcio(FulcioAuthority fulcio, FoundSignature found, Certificate certificate, DateTimeOffset moment)
    {
        RequireChain(found, certificate, moment);
        var issuer = FulcioIssuer.Read(certificate);
        Refuse(issuer == fulcio.OidcIssuer ? null : $"the OIDC issuer is '{Printable.Text(issuer)}', and not '{fulcio.OidcIssuer}'");
        RequireEmail(certificate, fulcio.SubjectEmail);
        return $"{fulcio.SubjectEmail} ({fulcio.OidcIssuer})";
    }

    private string CheckPki(PkiAuthority pki, FoundSignature found, Certificate certificate, DateTimeOffset now)
    {
        if (pki.SubjectEmail is { } email)
        {
            RequireEmail(certificate, email);
        }

        if (pki.SubjectHostname is { } host && !certificate.Names.Fits(host))
        {
            throw new FormatException($"the certificate is not of the host '{host}'");
        }

        RequireChain(found, certificate, now);
        return string.Join(", ", new[] { pki.SubjectEmail, pki.SubjectHostname }.Where(n => n is not null));
    }

    private static void RequireEmail(Certificate certificate, string email)
    {
        if (!certificate.Names.Emails.Contains(email, StringComparer.Ordinal))
        {
            var names = string.Join(", ", certificate.Names.Emails.Select(e => $"'{Printable.Text(e)}'"));
            throw new FormatException(
                names.Length == 0 ? $"the certificate has no e-mail address, and not '{email}'" : $"the certificate is of {names}, and not of '{email}'");
        }
    }

    // The last one of an annotation is the root, which is trusted only as one of our own: so it is left out, as skopeo does.
    private void RequireChain(FoundSignature found, Certificate certificate, DateTimeOffset moment)
    {
        var above = found.Annotations.TryGetValue(SigstoreAnnotations.Chain, out var text)
            ? Named("the chain of certificates", () => Certificate.ReadPem(text, MostCertificates)) : [];
        CertificateChain.Find(certificate, [.. _between, .. above.Take(above.Count - 1)], _roots, moment, out var fault);
        Refuse(fault);
    }

    private static string Need(FoundSignature found, string annotation) =>
        found.Annotations.TryGetValue(annotation, out var value) ? value : throw new FormatException($"the annotation {annotation} is missing");

    private static void Refuse(string? fault)
    {
        if (fault is not null)
        {
            throw new FormatException(fault);
        }
    }

    private static string Name(PublicKey key) => $"{key.Fingerprint} ({key.Kind})";

    private static string? FindFault(SigstoreTrust trust) =>
        new object?[] { trust.Keys, trust.Fulcio, trust.Pki }.Count(t => t is not null) != 1 ? "exactly one of keys, Fulcio and PKI has to be given"
        : trust.Keys is { Count: 0 } || trust.RekorKeys is { Count: 0 } ? "no key is given"
        : trust.Fulcio is not null && trust.RekorKeys is null ? "Fulcio's certificates need the key of a log"
        : trust.Pki is not null && trust.RekorKeys is not null ? "a PKI is checked without a log"
        : trust.Pki is { SubjectEmail: null, SubjectHostname: null } ? "a PKI needs an e-mail address or a host" : null;

    private static IReadOnlyList<PublicKey> ReadKeys(IReadOnlyList<byte[]>? texts, string what) =>
        [.. (texts ?? []).Select((t, i) => Named(texts!.Count == 1 ? what : $"{what} number {i + 1}", () => PublicKey.ReadPem(t)))];

    private static IReadOnlyList<Certificate> ReadCertificates(byte[]? text, string what) => text is null ? []
        : Certificate.ReadTrusted(text) is { Count: > 0 } found ? found : throw new FormatException($"{what} has no certificate");

    private static T Named<T>(string what, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (FormatException e)
        {
            throw new FormatException($"{what} can't be used: {e.Message}", e);
        }
    }
}
