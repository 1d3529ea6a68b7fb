using Org.BouncyCastle.Bcpg;
using Org.BouncyCastle.Bcpg.OpenPgp;
using Org.BouncyCastle.Security;

namespace OciSync.Core.Signing.OpenPgp;

/// <summary>
/// What is asked of the library: to read one key or signature, to unpack, and to compute. It fails on damaged input with exceptions of any type;
/// here that is always "not readable".
/// </summary>
internal static class Library
{
    /// <summary>A key of version 4, or null.</summary>
    internal static PgpPublicKey? FindKey(Packet packet) => Try(() =>
    {
        using var stream = new BcpgInputStream(new MemoryStream(packet.Encode()));
        return stream.ReadPacket() is PublicKeyPacket { Version: SignaturePart.Version } key ? new PgpPublicKey(key) : null;
    });

    /// <summary>A signature of version 4 with a time in its signed part, or null.</summary>
    internal static SignaturePart? FindSignature(Packet packet) => Try(() =>
        new PgpObjectFactory(packet.Encode()).NextPgpObject() is PgpSignatureList { Count: 1 } list ? SignaturePart.Of(list[0]) : null);

    /// <summary>The signatures of a subkey that a binding has in it.</summary>
    internal static IReadOnlyList<SignaturePart> FindEmbedded(PgpSignature binding) => Try(() =>
        new[] { binding.GetHashedSubPackets(), binding.GetUnhashedSubPackets() }
            .Select(p => p.GetEmbeddedSignatures())
            .SelectMany(l => Enumerable.Range(0, l.Count).Select(i => l[i]))
            .Select(SignaturePart.Of).OfType<SignaturePart>().ToList()) ?? [];

    /// <summary>Whether a signature is by a key, over these bytes.</summary>
    internal static bool Verify(PgpSignature signature, PgpPublicKey key, params byte[][] signed) => Try<object>(() =>
    {
        signature.InitVerify(key);
        foreach (var part in signed)
        {
            signature.Update(part);
        }

        return signature.Verify();
    }) is true;

    /// <summary>The bytes of a packet of packed data, at most so many; null when they can't be unpacked or are more.</summary>
    internal static byte[]? Unpack(Packet packet, int limit) => Try(() =>
    {
        using var plain = new MemoryStream();
        using var stream = new PgpCompressedData(new BcpgInputStream(new MemoryStream(packet.Encode()))).GetDataStream();
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = stream.Read(buffer, 0, buffer.Length)) > 0 && plain.Length <= limit)
        {
            plain.Write(buffer, 0, read);
        }

        return plain.Length <= limit ? plain.ToArray() : null;
    });

    /// <summary>The secret keys of some packets, still locked, or null.</summary>
    internal static PgpSecretKeyRing? FindSecretKeys(byte[] packets) => Try(() => new PgpSecretKeyRing(packets));

    /// <summary>The content that the public key of a secret key's packet has, or null.</summary>
    internal static byte[]? FindPublicPart(Packet packet) => Try(() =>
    {
        using var stream = new BcpgInputStream(new MemoryStream(packet.Encode()));
        return (stream.ReadPacket() as SecretKeyPacket)?.PublicKeyPacket.GetEncodedContents();
    });

    /// <summary>A secret key, or null when the passphrase isn't its own.</summary>
    internal static PgpPrivateKey? Unlock(PgpSecretKey key, string passphrase) => Try(() => key.ExtractPrivateKeyUtf8(passphrase.ToCharArray()));

    /// <summary>A packed message with some content and a signature over it.</summary>
    internal static byte[] Sign(byte[] content, PgpPrivateKey secret, PgpPublicKey key, HashAlgorithmTag hash, DateTime now)
    {
        var generator = new PgpSignatureGenerator(key.Algorithm, hash);
        generator.InitSign(PgpSignature.BinaryDocument, secret, new SecureRandom());
        var signed = new PgpSignatureSubpacketGenerator();
        signed.SetIssuerFingerprint(false, key);
        signed.SetSignatureCreationTime(false, now);
        generator.SetHashedSubpackets(signed.Generate());
        var beside = new PgpSignatureSubpacketGenerator();
        beside.SetIssuerKeyID(false, key.KeyId);
        generator.SetUnhashedSubpackets(beside.Generate());
        generator.Update(content);
        using var message = new MemoryStream();
        using (var packed = new PgpCompressedDataGenerator(CompressionAlgorithmTag.Zip).Open(message))
        {
            generator.GenerateOnePassVersion(false).Encode(packed);
            using (var literal = new PgpLiteralDataGenerator().Open(packed, PgpLiteralDataGenerator.Binary, string.Empty, content.Length, now))
            {
                literal.Write(content, 0, content.Length);
            }

            generator.Generate().Encode(packed);
        }

        return message.ToArray();
    }

    private static T? Try<T>(Func<T?> read)
        where T : class
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Of damaged input the library throws nearly every type there is, casts and indices among them.
            return null;
        }
    }
}
