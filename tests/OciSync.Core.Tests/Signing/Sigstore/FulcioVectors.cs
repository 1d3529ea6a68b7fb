using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using OciSync.Core.Signing.Sigstore;

namespace OciSync.Core.Tests.Signing.Sigstore;

/// <summary>Signatures by certificates of Fulcio's kind, with a log that tells when they were made.</summary>
internal static class FulcioVectors
{
    private static readonly SigstoreTrust Trust = new()
    {
        Fulcio = new FulcioAuthority(Encoding.UTF8.GetBytes(SigstoreMaker.Root.Pem), SigstoreMaker.Issuer, SigstoreMaker.Email),
        RekorKeys = [LogVectors.LogKey],
    };

    private static readonly TestCertificate Good = SigstoreMaker.FulcioCertificate;

    internal static IEnumerable<SigstoreVector> All => [.. Certificates, .. Chains, .. Logs, .. Trusts];

    private static IEnumerable<SigstoreVector> Certificates =>
    [
        Make("all is right", Good, null),
        Make("the old issuer alone", Named(TestCertificate.OldIssuer(SigstoreMaker.Issuer)), null),
        Make("the new issuer alone", Named(TestCertificate.NewIssuer(SigstoreMaker.Issuer)), null),
        Make("another old issuer", Named(TestCertificate.OldIssuer("https://other.test")), "the OIDC issuer is 'https://other.test'"),
        Make("another new issuer", Named(TestCertificate.NewIssuer("https://other.test")), "the OIDC issuer is 'https://other.test'"),
        Make("two issuers", Named(TestCertificate.OldIssuer(SigstoreMaker.Issuer), TestCertificate.NewIssuer("https://other.test")), "names two OIDC issuers"),
        Make("no issuer", Named(), "names no OIDC issuer"),
        Make("an issuer that is no DER text", Named(new X509Extension("1.3.6.1.4.1.57264.1.8", [0x02, 0x01, 0x05], false)), "it is not a text"),
        Make("an issuer in other case", Named(TestCertificate.OldIssuer(SigstoreMaker.Issuer.ToUpperInvariant())), "the OIDC issuer is"),
        Make("another address", Of(n => n.AddEmailAddress("other@example.test")), "is of 'other@example.test', and not of 'dev@example.test'"),
        Make("an address in other case", Of(n => n.AddEmailAddress("Dev@example.test")), "is of 'Dev@example.test'"),
        Make("the address is one of two", Of(n => { n.AddEmailAddress("other@example.test"); n.AddEmailAddress(SigstoreMaker.Email); }), null),
        Make("the address as a host", Of(n => n.AddDnsName("example.test")), "has no e-mail address"),
        Make("the address as a URI", Of(n => n.AddUri(new Uri("mailto:" + SigstoreMaker.Email))), "has no e-mail address"),
        Make("signed before it was valid", Good with { From = SigstoreMaker.Logged.AddMinutes(1) }, "and not at 2024-05-01 12:00:00Z"),
        Make("signed after it was valid", Good with { To = SigstoreMaker.Logged.AddSeconds(-1) }, "and not at 2024-05-01 12:00:00Z"),
        Make("for servers", With(TestCertificate.Usage("1.3.6.1.5.5.7.3.1")), "is not for signing code"),
        Make("for everything", With(TestCertificate.Usage("2.5.29.37.0")), null),
        Make("signed with SHA-1", Good with { Hash = HashAlgorithmName.SHA1 }, "is signed by an algorithm that is broken"),
        Make("a critical extension", Good.With(new X509Extension("1.2.3.4.5", [5, 0], true)), "that is not understood (1.2.3.4.5)"),
        Make("an extension that is not critical", Good.With(new X509Extension("1.2.3.4.5", [5, 0], false)), null),
    ];

    private static IEnumerable<SigstoreVector> Chains
    {
        get
        {
            var (root, middle) = (SigstoreMaker.Root, SigstoreMaker.Middle);
            yield return Chain("one between", middle, null, middle, root);
            yield return Chain("one between, and none said", middle, "no trusted authority issued");
            yield return Chain("the last of the chain is left out", middle, "no trusted authority issued", middle);
            yield return Chain("the chain has other certificates too", middle, null, TestAuthority.Root("CN=Other"), middle, root);
            var other = TestAuthority.Root("CN=Other");
            yield return Chain("another authority", other, "no trusted authority issued", other);
            yield return Chain("an authority of the same name", TestAuthority.Root(), "is not signed by", TestAuthority.Root());
            var none = root.Below("CN=No authority", new TestCertificate());
            yield return Chain("one between is no authority", none, "may not issue others", none, root);
            var keyless = root.Below("CN=No key", TestCertificate.Authority with
            {
                Extensions = [new X509BasicConstraintsExtension(true, false, 0, true), new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true)],
            });
            yield return Chain("its key may not sign certificates", keyless, "may not sign certificates", keyless, root);
            var old = root.Below("CN=Expired", TestCertificate.Authority with { To = SigstoreMaker.Logged.AddDays(-1) });
            yield return Chain("one between was not valid", old, "'CN=Expired' is valid from", old, root);
            var last = root.Below("CN=Last", TestCertificate.Authority with { Extensions = [new X509BasicConstraintsExtension(true, true, 0, true)] });
            var below = last.Below("CN=Below the last");
            yield return Chain("a last authority", last, null, last, root);
            yield return Chain("more below than it allows", below, "allows fewer certificates below it", below, last, root);
            var servers = root.Below("CN=Servers", TestCertificate.Authority.With(TestCertificate.Usage("1.3.6.1.5.5.7.3.1")));
            yield return Chain("one between is for servers", servers, "is not for signing code", servers, root);
            var narrow = root.Below("CN=Narrow", TestCertificate.Authority.With(Only("example.test")));
            yield return Chain("only such addresses", narrow, null, narrow, root);
            var elsewhere = root.Below("CN=Elsewhere", TestCertificate.Authority.With(Only("other.test")));
            yield return Chain("other addresses only", elsewhere, "does not allow the names", elsewhere, root);
        }
    }

    private static IEnumerable<SigstoreVector> Logs
    {
        get
        {
            var certificate = SigstoreMaker.Root.Certify(SigstoreMaker.Key, Good);
            var pem = certificate.ExportCertificatePem() + "\n";
            yield return Of("no log", new SigstoreMaker().WithCertificate(certificate), "cosign/bundle is missing");
            yield return Of("no certificate", new SigstoreMaker().WithLog(pem), "cosign/certificate is missing");
            yield return Of("the log knows the key alone", new SigstoreMaker().WithCertificate(certificate).WithLog(), "is of another key or certificate");
            yield return Of(
                "the log knows another certificate of the key",
                new SigstoreMaker().WithCertificate(certificate).WithLog(SigstoreMaker.Root.Certify(SigstoreMaker.Key, Good).ExportCertificatePem() + "\n"),
                "is of another key or certificate");
            yield return Of(
                "logged too late", new SigstoreMaker().WithCertificate(certificate).WithLog(pem, time: SigstoreMaker.Logged.AddHours(1)),
                "and not at 2024-05-01 13:00:00Z");
            yield return Of(
                "two certificates", new SigstoreMaker().With(SigstoreAnnotations.Certificate, pem + pem).WithLog(pem), "has none, or several");
            yield return Of(
                "no certificate in it", new SigstoreMaker().With(SigstoreAnnotations.Certificate, string.Empty).WithLog(pem), "has none, or several");
            yield return Of("no PEM", new SigstoreMaker().With(SigstoreAnnotations.Certificate, "x").WithLog(pem), "not a PEM text of certificates");
            yield return Of(
                "no DER", new SigstoreMaker().With(SigstoreAnnotations.Certificate, PemEncoding.WriteString("CERTIFICATE", [0x30, 0x80, 0, 0])).WithLog(pem),
                "not one DER value");
            var other = new SigstoreMaker(ECDsa.Create(ECCurve.NamedCurves.nistP256));
            yield return Of("another key signed", other.WithCertificate(certificate).WithLog(pem), "not by the certificate of dev@example.test");
            yield return Of(
                "no PEM in the chain", new SigstoreMaker().WithCertificate(certificate).With(SigstoreAnnotations.Chain, "x").WithLog(pem), "the chain");
        }
    }

    private static IEnumerable<SigstoreVector> Trusts
    {
        get
        {
            var good = Make("by an authority that is trusted beside another", Good, null);
            var two = Encoding.UTF8.GetBytes(TestAuthority.Root("CN=Other").Pem + SigstoreMaker.Root.Pem);
            yield return good with { Trust = Trust with { Fulcio = Trust.Fulcio! with { Roots = two } } };
            yield return good with
            {
                Name = "fulcio: no authority", Trust = Trust with { Fulcio = Trust.Fulcio! with { Roots = "nothing"u8.ToArray() } },
                Refusal = "the file of authorities has no certificate",
            };
            var rsa = Encoding.UTF8.GetBytes(RSA.Create(2048).ExportSubjectPublicKeyInfoPem());
            yield return good with { Name = "fulcio: a log with RSA", Trust = Trust with { RekorKeys = [rsa] }, Refusal = "has to be ECDSA" };
        }
    }

    private static TestCertificate Named(params X509Extension[] issuers) =>
        TestCertificate.Signer(n => n.AddEmailAddress(SigstoreMaker.Email), issuers) with { From = Good.From, To = Good.To };

    private static TestCertificate Of(Action<SubjectAlternativeNameBuilder> names) =>
        TestCertificate.Signer(names, TestCertificate.OldIssuer(SigstoreMaker.Issuer)) with { From = Good.From, To = Good.To };

    private static TestCertificate With(X509Extension usage) => Good with { Extensions = [usage, .. Good.Extensions.Skip(1)] };

    // Name constraints with one permitted host of e-mail addresses.
    private static X509Extension Only(string host)
    {
        byte[] name = [0x81, (byte)host.Length, .. Encoding.ASCII.GetBytes(host)];
        byte[] subtree = [0x30, (byte)name.Length, .. name];
        byte[] permitted = [0xA0, (byte)subtree.Length, .. subtree];
        return new("2.5.29.30", [0x30, (byte)permitted.Length, .. permitted], true);
    }

    private static SigstoreVector Make(string name, TestCertificate wanted, string? refusal) => Make(name, SigstoreMaker.Root, wanted, refusal);

    private static SigstoreVector Chain(string name, TestAuthority issuer, string? refusal, params TestAuthority[] chain) =>
        Make("chain, " + name, issuer, Good, refusal, chain);

    private static SigstoreVector Make(string name, TestAuthority issuer, TestCertificate wanted, string? refusal, params TestAuthority[] chain)
    {
        var certificate = issuer.Certify(SigstoreMaker.Key, wanted);
        return Of(name, new SigstoreMaker().WithCertificate(certificate, chain).WithLog(certificate.ExportCertificatePem() + "\n"), refusal);
    }

    private static SigstoreVector Of(string name, SigstoreMaker maker, string? refusal) => new("fulcio: " + name, maker.Found(), Trust, refusal);
}
