using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.X509;

namespace OciSync.Core.Signing.Cryptography;

/// <summary>A log's word, inside a certificate, that it has the certificate (RFC 6962, 3.2 and 3.3).</summary>
internal sealed class CertificateTimestamp
{
    private const string ListId = "1.3.6.1.4.1.11129.2.4.2";
    private const int LogIdLength = 32;
    private const int ExtensionsTag = 3;

    private readonly byte[] _time;
    private readonly byte[] _extensions;
    private readonly byte[] _signature;

    private CertificateTimestamp(Bytes entry)
    {
        var version = entry.Take(1)[0];
        LogId = entry.Take(LogIdLength);
        _time = entry.Take(8);
        _extensions = entry.TakeCounted(2);
        var algorithm = entry.Take(2);
        _signature = entry.TakeCounted(2);
        var milliseconds = _time.Aggregate(0UL, (sum, b) => (sum << 8) | b);
        if (version != 0 || algorithm[0] != 4 || !entry.IsAtEnd || milliseconds > (ulong)DateTimeOffset.MaxValue.ToUnixTimeMilliseconds())
        {
            throw new FormatException("a timestamp in the certificate is of a kind that is not known");
        }

        Time = DateTimeOffset.FromUnixTimeMilliseconds((long)milliseconds);
    }

    /// <summary>SHA-256 of the log's key.</summary>
    internal byte[] LogId { get; }

    /// <summary>When the log said so.</summary>
    internal DateTimeOffset Time { get; }

    /// <summary>All of a certificate; none where it has none.</summary>
    /// <exception cref="FormatException">What it has is something else.</exception>
    internal static IReadOnlyList<CertificateTimestamp> ReadAll(Certificate certificate)
    {
        if (certificate.ReadExtension(ListId) is not { } extension)
        {
            return [];
        }

        var list = new Bytes(Der.Read(extension, "a list of timestamps", value => Asn1OctetString.GetInstance(value).GetOctets()));
        var entries = new Bytes(list.TakeCounted(2));
        var found = new List<CertificateTimestamp>();
        while (!entries.IsAtEnd)
        {
            found.Add(new CertificateTimestamp(new Bytes(entries.TakeCounted(2))));
        }

        return found;
    }

    /// <summary>Whether a log signed it for this certificate.</summary>
    /// <param name="log">The log's key.</param>
    /// <param name="certificate">The certificate that has it.</param>
    /// <param name="issuer">The one above it.</param>
    internal bool IsBy(PublicKey log, Certificate certificate, Certificate issuer)
    {
        var content = WithoutTimestamps(certificate);
        byte[] signed =
        [
            0, 0, .. _time, 0, 1, .. SignatureCheck.Sha256(issuer.ReadKey().Bytes),
            (byte)(content.Length >> 16), (byte)(content.Length >> 8), (byte)content.Length, .. content,
            (byte)(_extensions.Length >> 8), (byte)_extensions.Length, .. _extensions,
        ];
        return log.IsByLog(signed, _signature);
    }

    // The certificate as the log saw it: before the list was put into it.
    private static byte[] WithoutTimestamps(Certificate certificate) => Der.Read(certificate.SignedPart, "a certificate", value =>
    {
        var parts = new Asn1EncodableVector();
        foreach (var part in Asn1Sequence.GetInstance(value))
        {
            parts.Add(part is Asn1TaggedObject { TagNo: ExtensionsTag } extensions ? Without(extensions) : part);
        }

        return new DerSequence(parts).GetDerEncoded();
    });

    private static DerTaggedObject Without(Asn1TaggedObject extensions)
    {
        var kept = new Asn1EncodableVector();
        foreach (var extension in Asn1Sequence.GetInstance(extensions, true))
        {
            if (DerObjectIdentifier.GetInstance(Asn1Sequence.GetInstance(extension)[0]).Id != ListId)
            {
                kept.Add(extension);
            }
        }

        return new DerTaggedObject(true, ExtensionsTag, new DerSequence(kept));
    }

    // Bytes that are taken from the front (RFC 8446, 3).
    private sealed class Bytes(byte[] all)
    {
        private int _at;

        internal bool IsAtEnd => _at == all.Length;

        internal byte[] Take(int count)
        {
            if (all.Length - _at < count)
            {
                throw new FormatException("a timestamp in the certificate is cut off");
            }

            _at += count;
            return all.AsSpan(_at - count, count).ToArray();
        }

        internal byte[] TakeCounted(int lengthBytes) => Take(Take(lengthBytes).Aggregate(0, (sum, b) => (sum << 8) | b));
    }
}
