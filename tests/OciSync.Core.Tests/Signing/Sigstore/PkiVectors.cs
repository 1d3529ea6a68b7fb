using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using OciSync.Core.Signing.Sigstore;

namespace OciSync.Core.Tests.Signing.Sigstore;

/// <summary>Signatures by certificates of a PKI of one's own.</summary>
internal static class PkiVectors
{
    private const string Host = "build.example.test";

    private static readonly PkiAuthority ByEmail = new(Encoding.UTF8.GetBytes(SigstoreMaker.Root.Pem), null, SigstoreMaker.Email, null);
    private static readonly PkiAuthority ByHost = ByEmail with { SubjectEmail = null, SubjectHostname = Host };
    private static readonly TestCertificate Both = TestCertificate.Signer(n => { n.AddEmailAddress(SigstoreMaker.Email); n.AddDnsName(Host); });

    internal static IEnumerable<SigstoreVector> All =>
    [
        Make("by address", ByEmail, Both, null),
        Make("by host", ByHost, Both, null),
        Make("by both", ByEmail with { SubjectHostname = Host }, Both, null),
        Make("the address is right and the host is not", ByEmail with { SubjectHostname = "other.test" }, Both, "not of the host 'other.test'"),
        Make("the host is right and the address is not", ByHost with { SubjectEmail = "a@b.test" }, Both, "and not of 'a@b.test'"),
        Make("a host in other case", ByHost with { SubjectHostname = "Build.Example.Test" }, Both, null),
        Make("a dot at the end", ByHost with { SubjectHostname = Host + "." }, Both, null),
        Make("a wildcard", ByHost, Hosts("*.example.test"), null),
        Make("a wildcard is one part", ByHost with { SubjectHostname = "a.build.example.test" }, Hosts("*.example.test"), "not of the host"),
        Make("a wildcard is a whole part", ByHost, Hosts("b*.example.test"), "not of the host"),
        Make("a host below", ByHost, Hosts("example.test"), "not of the host"),
        Make("the name alone is none", ByHost, Nameless, "not of the host", "CN=" + Host),
        Make("an address of the network", ByHost with { SubjectHostname = "10.0.0.7" }, Addressed, null),
        Make("an address as a name", ByHost with { SubjectHostname = "10.0.0.7" }, Hosts("10.0.0.7"), "not of the host"),
        Make("expired", ByEmail, Both with { To = new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero) }, "to 2024-01-01 00:00:00Z, and not at"),
        Make("not yet valid", ByEmail, Both with { From = new DateTimeOffset(2110, 1, 1, 0, 0, 0, TimeSpan.Zero) }, "is valid from 2110-01-01"),
        Make("for servers", ByEmail, ForServers, "is not for signing code"),
        Make("without a use", ByEmail, Both with { Extensions = [.. Both.Extensions.Skip(1)] }, null),
        Between("one between, from the policy", ByEmail with { Intermediates = Encoding.UTF8.GetBytes(SigstoreMaker.Middle.Pem) }, null),
        Between("one between, from the annotation", ByEmail, null, SigstoreMaker.Middle, SigstoreMaker.Root),
        Between("one between, unknown", ByEmail, "no trusted authority issued"),
        Of("no certificate", ByEmail, new SigstoreMaker(), "cosign/certificate is missing"),
        Itself,
    ];

    // The certificate that is trusted is the signer's own.
    private static SigstoreVector Itself
    {
        get
        {
            var certificate = TestAuthority.Root("CN=Other").Certify(SigstoreMaker.Key, Both);
            var trust = ByEmail with { Roots = Encoding.UTF8.GetBytes(certificate.ExportCertificatePem()) };
            return Of("the certificate itself is trusted", trust, new SigstoreMaker().WithCertificate(certificate), null);
        }
    }

    private static TestCertificate Nameless => new() { Extensions = [TestCertificate.Usage(TestAuthority.CodeSigning)] };

    private static TestCertificate Addressed => TestCertificate.Signer(n => n.AddIpAddress(IPAddress.Parse("10.0.0.7")));

    private static TestCertificate ForServers => Both with { Extensions = [TestCertificate.Usage("1.3.6.1.5.5.7.3.1"), .. Both.Extensions.Skip(1)] };

    private static TestCertificate Hosts(string host) => TestCertificate.Signer(n => n.AddDnsName(host));

    private static SigstoreVector Make(string name, PkiAuthority pki, TestCertificate wanted, string? refusal, string subject = "") =>
        Of(name, pki, new SigstoreMaker().WithCertificate(SigstoreMaker.Root.Certify(SigstoreMaker.Key, wanted, subject)), refusal);

    private static SigstoreVector Between(string name, PkiAuthority pki, string? refusal, params TestAuthority[] chain) =>
        Of(name, pki, new SigstoreMaker().WithCertificate(SigstoreMaker.Middle.Certify(SigstoreMaker.Key, Both), chain), refusal);

    private static SigstoreVector Of(string name, PkiAuthority pki, SigstoreMaker maker, string? refusal) =>
        new("pki: " + name, maker.Found(), new SigstoreTrust { Pki = pki }, refusal);
}
