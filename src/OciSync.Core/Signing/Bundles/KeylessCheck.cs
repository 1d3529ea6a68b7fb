using System.Globalization;
using OciSync.Core.References;
using OciSync.Core.Signing.Cryptography;
using OciSync.Core.Signing.Sigstore;
using OciSync.Core.Text;

namespace OciSync.Core.Signing.Bundles;

/// <summary>
/// The steps of a check without a key of one's own (sigstore's client specification, "Verification"): a certificate of a few minutes, a log or a
/// timestamp authority that tells that the signature was made within them, and a log that has the certificate.
/// </summary>
internal sealed class KeylessCheck(SigstoreBundle bundle, TrustedRoot root)
{
    /// <summary>Goes all steps.</summary>
    /// <exception cref="FormatException">One is wrong.</exception>
    /// <exception cref="BundleStepException">One can't be gone here.</exception>
    internal BundleProof Run(SignerIdentity identity, Digest image)
    {
        var certificate = bundle.Certificate ?? throw new FormatException("it is signed by a key, and not by a certificate");
        Require(
            certificate.ReadKey().IsByEither(bundle.Envelope.SignedBytes, bundle.Envelope.Signature),
            "the signature is not by its certificate, or what it signs was changed");
        var times = CheckLogs(certificate).Concat(CheckTimestamps()).ToList();
        Require(times.Count > 0, "nothing tells when it was signed: no log says the time, and there is no timestamp");
        foreach (var log in bundle.Entries.Select(FindLog))
        {
            Require(times.TrueForAll(log.IsTrustedAt), $"the log was not trusted at {Moment(times.Find(t => !log.IsTrustedAt(t)))}");
        }

        foreach (var time in times)
        {
            CheckCertificateTimestamp(certificate, FindIssuer(certificate, time));
        }

        var signer = CheckIdentity(certificate, identity);
        return bundle.Statement.FindFault(image) is { } fault ? BundleProof.Refused(fault) : BundleProof.By(signer, times[0]);
    }

    // Each entry is proven to be in its log; a promise may be there besides, and it alone signs the time.
    private List<DateTimeOffset> CheckLogs(Certificate certificate)
    {
        Require(bundle.Entries.Count > 0, "no log knows it");
        var times = new List<DateTimeOffset>();
        foreach (var entry in bundle.Entries)
        {
            var log = FindLog(entry);
            Refuse(EnvelopeRecord.FindFault(entry, bundle.Envelope, certificate.Bytes));
            Refuse(entry.Proof is { } proof
                ? proof.FindFault(entry.Body, log.Key)
                : "the log's entry has no proof of inclusion, which a bundle of this version has to have");
            if (entry.Promise is { } promise)
            {
                Require(promise.IsBy(log.Key), "the log's promise is not signed by the log, or was changed");
                times.Add(promise.IntegratedTime);
            }
        }

        return times;
    }

    private TrustedLog FindLog(LogEntry entry) => root.Logs.FirstOrDefault(l => l.Id.AsSpan().SequenceEqual(entry.LogId))
        ?? throw new FormatException("the log of its entry is not trusted");

    private List<DateTimeOffset> CheckTimestamps()
    {
        var times = new List<DateTimeOffset>();
        foreach (var token in bundle.Timestamps.Select(TimestampToken.Read))
        {
            Require(token.IsOf(bundle.Envelope.Signature), "the timestamp is of another signature");
            Require(
                root.TimestampAuthorities.Any(a => a.IsTrustedAt(token.Time) && token.IsBy(a.Between, a.Root)),
                "the timestamp is by no authority that is trusted");
            times.Add(token.Time);
        }

        return times;
    }

    // The certificate above the signer's, on a way to an authority that was trusted then.
    private Certificate FindIssuer(Certificate certificate, DateTimeOffset time)
    {
        var fault = $"no authority was trusted at {Moment(time)}";
        foreach (var authority in root.Authorities.Where(a => a.IsTrustedAt(time)))
        {
            if (CertificateChain.Find(certificate, authority.Between, [authority.Root], time, out var why) is { Count: > 1 } chain)
            {
                return chain[1];
            }

            fault = why ?? "the certificate is an authority's own";
        }

        throw new FormatException(fault);
    }

    private void CheckCertificateTimestamp(Certificate certificate, Certificate issuer)
    {
        var timestamps = CertificateTimestamp.ReadAll(certificate);
        Require(timestamps.Count > 0, "the certificate has no timestamp of a log of certificates");
        var known = timestamps
            .SelectMany(t => root.CertificateLogs.Where(l => l.Id.AsSpan().SequenceEqual(t.LogId)).Select(l => (Timestamp: t, Log: l))).ToList();
        Require(known.Count > 0, "the log of certificates is not trusted");
        Require(
            known.Exists(k => k.Log.IsTrustedAt(k.Timestamp.Time) && k.Timestamp.IsBy(k.Log.Key, certificate, issuer)),
            "the timestamp of the log of certificates is not signed by it, or of another certificate");
    }

    private static string CheckIdentity(Certificate certificate, SignerIdentity identity)
    {
        var issuer = FulcioIssuer.Read(certificate);
        Require(identity.FitsIssuer(issuer), $"the OIDC issuer is '{Printable.Text(issuer)}', and not '{identity.Issuer}'");
        var names = certificate.Names.Emails.Concat(certificate.Names.Uris).ToList();
        var name = names.Find(identity.FitsName);
        Require(name is not null, $"the certificate is of '{Printable.Text(string.Join("', '", names))}', and not of '{identity.Name}'");
        return $"{Printable.Text(name)} ({Printable.Text(issuer)})";
    }

    private static void Require(bool holds, string fault) => Refuse(holds ? null : fault);

    private static void Refuse(string? fault)
    {
        if (fault is not null)
        {
            throw new FormatException(fault);
        }
    }

    private static string Moment(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
