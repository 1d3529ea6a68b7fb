using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace OciSync.Core.Tests.Signing.Sigstore;

/// <summary>What a certificate of a test says.</summary>
internal sealed record TestCertificate
{
    private static readonly DateTimeOffset Start = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Finish = new(2120, 1, 1, 0, 0, 0, TimeSpan.Zero);

    internal static TestCertificate Authority => new()
    {
        Extensions = [new X509BasicConstraintsExtension(true, false, 0, true), new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true)],
    };

    internal DateTimeOffset From { get; init; } = Start;

    internal DateTimeOffset To { get; init; } = Finish;

    internal HashAlgorithmName Hash { get; init; } = HashAlgorithmName.SHA256;

    internal IReadOnlyList<X509Extension> Extensions { get; init; } = [];

    /// <summary>The certificate of somebody who signs code.</summary>
    internal static TestCertificate Signer(Action<SubjectAlternativeNameBuilder> names, params X509Extension[] more)
    {
        var builder = new SubjectAlternativeNameBuilder();
        names(builder);
        return new TestCertificate { Extensions = [Usage(TestAuthority.CodeSigning), builder.Build(critical: true), .. more] };
    }

    /// <summary>The same with one extension more.</summary>
    internal TestCertificate With(params X509Extension[] more) => this with { Extensions = [.. Extensions, .. more] };

    internal static X509Extension Usage(string id) => new X509EnhancedKeyUsageExtension([new Oid(id)], false);

    /// <summary>Fulcio's first extension for the issuer: the text as it is.</summary>
    internal static X509Extension OldIssuer(string issuer) => new("1.3.6.1.4.1.57264.1.1", Encoding.UTF8.GetBytes(issuer), false);

    /// <summary>The one that came after it: a DER text.</summary>
    internal static X509Extension NewIssuer(string issuer) =>
        new("1.3.6.1.4.1.57264.1.8", [0x0C, (byte)issuer.Length, .. Encoding.UTF8.GetBytes(issuer)], false);
}
