using OciSync.Core.Signing.Formats;
using OciSync.Core.Text;

namespace OciSync.Core.Signing.Notary;

/// <summary>A signature of the Notary Project with all that it says, in either of its forms (Notary Project, "Signature Envelope").</summary>
internal sealed record NotaryEnvelope
{
    /// <summary>The signer's certificate of the moment.</summary>
    internal const string X509 = "notary.x509";

    /// <summary>An authority signed, and its time counts.</summary>
    internal const string SigningAuthority = "notary.x509.signingAuthority";

    internal const string SchemeKey = "io.cncf.notary.signingScheme";
    internal const string TimeKey = "io.cncf.notary.signingTime";
    internal const string AuthenticTimeKey = "io.cncf.notary.authenticSigningTime";
    internal const string ExpiryKey = "io.cncf.notary.expiry";
    internal const string PayloadType = "application/vnd.cncf.notary.payload.v1+json";
    internal const int MostCertificates = 16;

    private static readonly string[] Understood = [SchemeKey, AuthenticTimeKey, ExpiryKey];

    /// <summary>The algorithm by its name in JSON: <c>PS256</c>, <c>ES256</c> and so on.</summary>
    internal required string Algorithm { get; init; }

    /// <summary>What the payload is.</summary>
    internal required string ContentType { get; init; }

    /// <summary>The headers that have to be understood.</summary>
    internal required IReadOnlyList<string> Critical { get; init; }

    /// <summary>How it was signed.</summary>
    internal required string Scheme { get; init; }

    /// <summary>When an authority says that it was signed, or null.</summary>
    internal DateTimeOffset? AuthenticTime { get; init; }

    /// <summary>When it ends, or null.</summary>
    internal DateTimeOffset? Expiry { get; init; }

    /// <summary>What was signed.</summary>
    internal required byte[] Payload { get; init; }

    /// <summary>The very bytes that the signature is over.</summary>
    internal required byte[] SignedBytes { get; init; }

    /// <summary>The signature.</summary>
    internal required byte[] Signature { get; init; }

    /// <summary>The certificates, DER, the signer's first.</summary>
    internal required IReadOnlyList<byte[]> Certificates { get; init; }

    /// <summary>Reads one.</summary>
    /// <param name="content">The blob.</param>
    /// <param name="mediaType">Its media type, which tells the form.</param>
    /// <exception cref="FormatException">It is none; the text is a sentence without its end.</exception>
    internal static NotaryEnvelope Read(byte[] content, string mediaType)
    {
        var envelope = mediaType switch
        {
            ReferrerTypes.NotaryJws => JwsReader.Read(content),
            ReferrerTypes.NotaryCose => CoseReader.Read(content),
            _ => throw new FormatException($"it is no signature of the Notary Project: its media type is '{Printable.Text(mediaType)}'"),
        };
        return envelope.ContentType != PayloadType ? throw new FormatException($"its content is of the type '{Printable.Text(envelope.ContentType)}'")
            : envelope.Critical.FirstOrDefault(c => !Understood.Contains(c)) is { } unknown
                ? throw new FormatException($"it has a header that has to be understood and is not: '{Printable.Text(unknown)}'")
            : !envelope.Critical.Contains(SchemeKey) ? throw new FormatException("its signing scheme is not protected")
            : envelope.Expiry is not null && !envelope.Critical.Contains(ExpiryKey) ? throw new FormatException("its expiry is not protected")
            : envelope.AuthenticTime is not null && !envelope.Critical.Contains(AuthenticTimeKey) ? throw new FormatException("its time is not protected")
            : envelope.Certificates.Count is 0 or > MostCertificates ? throw new FormatException($"it has {envelope.Certificates.Count} certificates")
            : envelope;
    }
}
