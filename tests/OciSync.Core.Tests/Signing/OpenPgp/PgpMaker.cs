using OciSync.Core.Signing.OpenPgp;
using Org.BouncyCastle.Bcpg;
using Org.BouncyCastle.Bcpg.OpenPgp;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Security;

namespace OciSync.Core.Tests.Signing.OpenPgp;

/// <summary>Makes keys and messages packet by packet: right ones, and such as gpg never makes.</summary>
internal static class PgpMaker
{
    internal const int Certify = 0x01;
    internal const int Sign = 0x02;
    internal const int Encrypt = 0x0C;

    /// <summary>When all keys are made, unless a test says otherwise.</summary>
    internal static readonly DateTime Made = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>When things are signed.</summary>
    internal static readonly DateTime Signed = Made.AddDays(10);

    /// <summary>When they are checked.</summary>
    internal static readonly DateTimeOffset Now = new(Made.AddDays(20));

    private static readonly SecureRandom Random = new();

    internal static PgpKeyPair NewKey(DateTime? made = null)
    {
        var generator = new Ed25519KeyPairGenerator();
        generator.Init(new Ed25519KeyGenerationParameters(Random));
        return new PgpKeyPair(PublicKeyAlgorithmTag.EdDsa_Legacy, generator.GenerateKeyPair(), made ?? Made);
    }

    internal static byte[] KeyPacket(PgpKeyPair key, bool isSubkey = false) =>
        Part(isSubkey ? PacketKind.PublicSubkey : PacketKind.PublicKey, key.PublicKey.PublicKeyPacket.GetEncodedContents());

    internal static byte[] UserId(string name) => Part(PacketKind.UserId, Bytes(name));

    internal static byte[] Part(PacketKind kind, byte[] body) => new OciSync.Core.Signing.OpenPgp.Packet(kind, body).Encode();

    /// <summary>A signature packet of any type over any bytes.</summary>
    internal static byte[] Signature(int type, PgpKeyPair by, byte[][] over, Action<PgpSignatureSubpacketGenerator>? more = null, Making? how = null) =>
        Make(type, by, over, more, how ?? new Making()).GetEncoded();

    internal static PgpSignature Make(
        int type, PgpKeyPair by, byte[][] over, Action<PgpSignatureSubpacketGenerator>? more = null, Making? how = null)
    {
        how ??= new Making();
        var generator = new PgpSignatureGenerator(by.PublicKey.Algorithm, how.Hash);
        generator.InitSign(type, by.PrivateKey, Random);
        var signed = new PgpSignatureSubpacketGenerator();
        signed.SetSignatureCreationTime(false, how.At);
        if (how.NamesIssuer)
        {
            signed.SetIssuerFingerprint(false, how.Issuer ?? by.PublicKey);
        }

        more?.Invoke(signed);
        generator.SetHashedSubpackets(signed.Generate());
        foreach (var part in over)
        {
            generator.Update(part);
        }

        return generator.Generate();
    }

    /// <summary>A self-certification of a user id.</summary>
    internal static byte[] SelfSignature(PgpKeyPair key, string name, int? flags = Certify | Sign, long? lifetime = null, Making? how = null) => Signature(
        PgpSignature.PositiveCertification,
        key,
        [Framed(key), FramedId(name)],
        s =>
        {
            if (flags is { } uses)
            {
                s.SetKeyFlags(false, uses);
            }

            if (lifetime is { } seconds)
            {
                s.SetKeyExpirationTime(false, seconds);
            }
        },
        how ?? new Making { At = Made });

    /// <summary>A subkey's binding; with a signature of the subkey's own, unless that is left out.</summary>
    internal static byte[] Binding(PgpKeyPair primary, PgpKeyPair subkey, BindingMaking? with = null)
    {
        with ??= new BindingMaking();
        byte[][] over = [Framed(primary), Framed(subkey)];
        return Signature(
            PgpSignature.SubkeyBinding,
            with.By ?? primary,
            over,
            s =>
            {
                s.SetKeyFlags(false, with.Flags);
                if (with.Lifetime is { } seconds)
                {
                    s.SetKeyExpirationTime(false, seconds);
                }

                if (with.IsSignedBack)
                {
                    var how = new Making { At = Made, Hash = with.BackHash };
                    s.AddEmbeddedSignature(false, Make(PgpSignature.PrimaryKeyBinding, with.BackBy ?? subkey, over, null, how));
                }
            },
            new Making { At = Made, Hash = with.Hash });
    }

    /// <summary>A whole key: the primary key, a user id and its self-signature.</summary>
    internal static byte[] Certificate(PgpKeyPair key, string name = "anna@example.test") => [.. KeyPacket(key), .. UserId(name), .. SelfSignature(key, name)];

    /// <summary>A message that isn't packed.</summary>
    internal static byte[] Message(
        PgpKeyPair by, string content, Making? how = null, Action<PgpSignatureSubpacketGenerator>? more = null, string? shown = null) =>
        [.. OnePass(by), .. Literal(shown ?? content), .. Signature(PgpSignature.BinaryDocument, by, [Bytes(content)], more, how)];

    internal static byte[] OnePass(PgpKeyPair by)
    {
        var generator = new PgpSignatureGenerator(by.PublicKey.Algorithm, HashAlgorithmTag.Sha256);
        generator.InitSign(PgpSignature.BinaryDocument, by.PrivateKey, Random);
        using var packet = new MemoryStream();
        generator.GenerateOnePassVersion(false).Encode(packet);
        return packet.ToArray();
    }

    internal static byte[] Literal(string content) => Part(PacketKind.LiteralData, [(byte)'b', 0, 0, 0, 0, 0, .. Bytes(content)]);

    internal static byte[] Pack(byte[] packets, CompressionAlgorithmTag algorithm = CompressionAlgorithmTag.Zip)
    {
        using var packed = new MemoryStream();
        using (var stream = new PgpCompressedDataGenerator(algorithm).Open(packed))
        {
            stream.Write(packets);
        }

        return packed.ToArray();
    }

    internal static byte[] Framed(PgpKeyPair key)
    {
        var body = key.PublicKey.PublicKeyPacket.GetEncodedContents();
        return [0x99, (byte)(body.Length >> 8), (byte)body.Length, .. body];
    }

    internal static byte[] FramedId(string name) => [0xB4, 0, 0, 0, (byte)Bytes(name).Length, .. Bytes(name)];

    internal static byte[] Bytes(string text) => System.Text.Encoding.UTF8.GetBytes(text);

    /// <summary>How a signature is made.</summary>
    internal sealed record Making
    {
        internal HashAlgorithmTag Hash { get; init; } = HashAlgorithmTag.Sha256;

        internal DateTime At { get; init; } = Signed;

        internal bool NamesIssuer { get; init; } = true;

        internal PgpPublicKey? Issuer { get; init; }
    }

    /// <summary>How a binding is made.</summary>
    internal sealed record BindingMaking
    {
        internal int Flags { get; init; } = Sign;

        internal long? Lifetime { get; init; }

        internal PgpKeyPair? By { get; init; }

        internal PgpKeyPair? BackBy { get; init; }

        internal bool IsSignedBack { get; init; } = true;

        internal HashAlgorithmTag Hash { get; init; } = HashAlgorithmTag.Sha256;

        internal HashAlgorithmTag BackHash { get; init; } = HashAlgorithmTag.Sha256;
    }
}
