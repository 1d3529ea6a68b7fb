using System.Text;
using OciSync.Core.Text;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.X509;

namespace OciSync.Core.Signing.Cryptography;

/// <summary>An X.509 certificate (RFC 5280). That it could be read says nothing of who made it.</summary>
internal sealed class Certificate
{
    private const string Label = "CERTIFICATE";
    private const int UnlimitedPath = int.MaxValue;

    private readonly X509Certificate _certificate;
    private readonly SubjectPublicKeyInfo _key;

    private Certificate(Asn1Object value, byte[] der)
    {
        var structure = X509CertificateStructure.GetInstance(value);
        _certificate = new X509Certificate(structure);
        _key = structure.SubjectPublicKeyInfo;
        Bytes = der;
        Subject = structure.Subject.GetDerEncoded();
        Issuer = structure.Issuer.GetDerEncoded();
        Names = SubjectNames.Read(ReadExtension(X509Extensions.SubjectAlternativeName.Id));
        NotBefore = new DateTimeOffset(_certificate.NotBefore.ToUniversalTime());
        NotAfter = new DateTimeOffset(_certificate.NotAfter.ToUniversalTime());
        Usages = [.. (_certificate.GetExtendedKeyUsage() ?? []).Select(u => u.Id)];
        var path = _certificate.GetBasicConstraints();
        IsAuthority = path >= 0;
        LongestPath = path < 0 ? 0 : path == UnlimitedPath ? null : path;
        MaySign = _certificate.GetKeyUsage() is not { } bits || bits.ElementAtOrDefault(5);
        Critical = [.. _certificate.GetCriticalExtensionOids() ?? Enumerable.Empty<string>()];
        if (structure.GetDerEncoded() is var written && !written.AsSpan().SequenceEqual(der))
        {
            throw new FormatException("it is not a certificate: it isn't DER");
        }
    }

    /// <summary>The whole certificate, DER.</summary>
    internal byte[] Bytes { get; }

    /// <summary>The DER of the name, by which certificates find their issuers.</summary>
    internal byte[] Subject { get; }

    /// <summary>The DER of the issuer's name.</summary>
    internal byte[] Issuer { get; }

    /// <summary>The name, as users see it.</summary>
    internal string SubjectText => Printable.Text(_certificate.SubjectDN.ToString());

    /// <summary>Its alternative names.</summary>
    internal SubjectNames Names { get; }

    /// <summary>It counts from here.</summary>
    internal DateTimeOffset NotBefore { get; }

    /// <summary>It counts to here, and so long.</summary>
    internal DateTimeOffset NotAfter { get; }

    /// <summary>What its key is for (extended key usage); none: for everything.</summary>
    internal IReadOnlyList<string> Usages { get; }

    /// <summary>It may issue others.</summary>
    internal bool IsAuthority { get; }

    /// <summary>How many others may stand between it and the last; null for any number.</summary>
    internal int? LongestPath { get; }

    /// <summary>Its key may sign certificates, as far as its key usage says.</summary>
    internal bool MaySign { get; }

    /// <summary>The extensions that have to be understood, as object ids.</summary>
    internal IReadOnlyList<string> Critical { get; }

    /// <summary>1 or 3.</summary>
    internal int Version => _certificate.Version;

    /// <summary>The algorithm of its signature, as an object id.</summary>
    internal string SignatureAlgorithm => _certificate.SigAlgOid;

    /// <summary>The certificate without its signature: what is signed.</summary>
    internal byte[] SignedPart => _certificate.GetTbsCertificate();

    internal X509Certificate Inner => _certificate;

    /// <summary>Its key. <exception cref="FormatException">It is of a kind that is not supported.</exception></summary>
    internal PublicKey ReadKey() => PublicKey.Read(_key.GetDerEncoded());

    /// <summary>The content of the extension with this object id, or null.</summary>
    internal byte[]? ReadExtension(string id) => _certificate.GetExtensionValue(new DerObjectIdentifier(id))?.GetOctets();

    /// <summary>Whether it counts at that moment.</summary>
    internal bool IsValidAt(DateTimeOffset moment) => moment >= NotBefore && moment <= NotAfter;

    /// <summary>Whether both are the same, byte by byte.</summary>
    internal bool Is(Certificate other) => Bytes.AsSpan().SequenceEqual(other.Bytes);

    /// <summary>Reads DER.</summary>
    /// <exception cref="FormatException">It is no certificate.</exception>
    internal static Certificate Read(byte[] der) => Der.Read(der, "a certificate", value => new Certificate(value, der));

    /// <summary>Reads all certificates of a PEM text, which has nothing else.</summary>
    /// <exception cref="FormatException">It has something else.</exception>
    internal static IReadOnlyList<Certificate> ReadPem(string text, int most)
    {
        var certificates = new List<Certificate>();
        for (var rest = text.Trim(); rest.Length > 0; rest = rest.TrimStart())
        {
            var block = PemBlock.ReadFirst(rest, out rest);
            if (block?.Label != Label)
            {
                throw new FormatException("it is not a PEM text of certificates");
            }

            certificates.Add(certificates.Count < most ? Read(block.Content) : throw new FormatException($"it has more than {most} certificates"));
        }

        return certificates;
    }

    /// <summary>The certificates that a PEM text of trusted ones has; whatever else it has is passed over.</summary>
    internal static IReadOnlyList<Certificate> ReadTrusted(byte[] text)
    {
        var certificates = new List<Certificate>();
        foreach (var block in PemBlock.ReadAll(Encoding.UTF8.GetString(text)).Where(b => b.Label == Label))
        {
            try
            {
                certificates.Add(Read(block.Content));
            }
            catch (FormatException)
            {
                // As Go's library does: a file of authorities may have one that is not understood here, and trusts it no further.
            }
        }

        return certificates;
    }
}
