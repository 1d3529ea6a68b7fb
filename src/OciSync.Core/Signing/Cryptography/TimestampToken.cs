using Org.BouncyCastle.Asn1.Nist;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Tsp;

namespace OciSync.Core.Signing.Cryptography;

/// <summary>A timestamp authority's word that bytes were there at a time (RFC 3161).</summary>
internal sealed class TimestampToken
{
    private const string TimeStamping = "1.3.6.1.5.5.7.3.8";

    private readonly TimeStampToken _token;

    private TimestampToken(TimeStampToken token)
    {
        _token = token;
        Time = new DateTimeOffset(DateTime.SpecifyKind(token.TimeStampInfo.GenTime, DateTimeKind.Utc));
    }

    /// <summary>When they were there.</summary>
    internal DateTimeOffset Time { get; }

    /// <summary>Reads the answer of an authority.</summary>
    /// <exception cref="FormatException">It is none, or one without a token.</exception>
    internal static TimestampToken Read(byte[] response) => Der.Read(
        response,
        "a timestamp",
        _ => new TimestampToken(new TimeStampResponse(response).TimeStampToken ?? throw new FormatException("it is a refused timestamp")));

    /// <summary>Whether it is of these bytes.</summary>
    internal bool IsOf(byte[] content)
    {
        var algorithm = _token.TimeStampInfo.MessageImprintAlgOid;
        var hash = algorithm == NistObjectIdentifiers.IdSha256.Id ? SignatureCheck.Hash(new Sha256Digest(), content)
            : algorithm == NistObjectIdentifiers.IdSha384.Id ? SignatureCheck.Hash(new Sha384Digest(), content)
            : algorithm == NistObjectIdentifiers.IdSha512.Id ? SignatureCheck.Hash(new Sha512Digest(), content)
            : [];
        return hash.Length > 0 && hash.AsSpan().SequenceEqual(_token.TimeStampInfo.GetMessageImprintDigest());
    }

    /// <summary>Whether one of an authority's certificates signed it, and leads to its root.</summary>
    internal bool IsBy(IReadOnlyList<Certificate> certificates, Certificate root) => certificates.Append(root).Any(c =>
        c.Usages.Contains(TimeStamping) && IsSignedBy(c) && CertificateChain.Find(c, certificates, [root], Time, out _, TimeStamping) is not null);

    private bool IsSignedBy(Certificate certificate)
    {
        try
        {
            _token.Validate(certificate.Inner);
            return true;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The library tells by exceptions of several types that it is another's.
            return false;
        }
    }
}
