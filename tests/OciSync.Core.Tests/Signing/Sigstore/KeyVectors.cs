using System.Security.Cryptography;
using System.Text;
using OciSync.Core.Signing.Sigstore;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.X509;

namespace OciSync.Core.Tests.Signing.Sigstore;

/// <summary>Signatures by keys alone.</summary>
internal static class KeyVectors
{
    internal static SigstoreTrust ByKeys(params string[] keys) => new() { Keys = [.. keys.Select(Encoding.UTF8.GetBytes)] };

    internal static IEnumerable<SigstoreVector> All => [.. Good, .. Bad, .. WrongKeys];

    private static IEnumerable<SigstoreVector> Good
    {
        get
        {
            foreach (var (name, key) in new (string, AsymmetricAlgorithm)[]
            {
                ("P-256", SigstoreMaker.Key), ("P-384", ECDsa.Create(ECCurve.NamedCurves.nistP384)), ("P-521", ECDsa.Create(ECCurve.NamedCurves.nistP521)),
                ("RSA 2048", RSA.Create(2048)),
            })
            {
                var maker = new SigstoreMaker(key);
                yield return new("key " + name, maker.Found(), ByKeys(maker.PublicKey), null);
            }

            foreach (var curve in new[] { ECCurve.NamedCurves.nistP256, ECCurve.NamedCurves.nistP384, ECCurve.NamedCurves.nistP521 })
            {
                var maker = new SigstoreMaker(ECDsa.Create(curve)) { Format = DSASignatureFormat.IeeeP1363FixedFieldConcatenation };
                yield return new($"two numbers, {curve.Oid.FriendlyName}", maker.Found(), ByKeys(maker.PublicKey), null);
            }

            var (ed, pem) = Ed25519(new SigstoreMaker().Payload);
            yield return new("key Ed25519", new SigstoreMaker().Found(ed), ByKeys(pem), null);
            yield return new("second of two keys", new SigstoreMaker().Found(), ByKeys(pem, new SigstoreMaker().PublicKey), null);
            yield return new(
                "a key behind a text", new SigstoreMaker().Found(), ByKeys("The team's key\n" + new SigstoreMaker().PublicKey + "\nthe end"), null);
            yield return new(
                "line breaks in the signature", new SigstoreMaker().Found(Convert.ToBase64String(new SigstoreMaker().Signature).Insert(20, "\r\n")),
                ByKeys(new SigstoreMaker().PublicKey), null);
        }
    }

    private static IEnumerable<SigstoreVector> Bad
    {
        get
        {
            var maker = new SigstoreMaker();
            var trust = ByKeys(maker.PublicKey);
            var found = maker.Found();
            var other = new SigstoreMaker(ECDsa.Create(ECCurve.NamedCurves.nistP256));
            yield return new("another key", found, ByKeys(other.PublicKey), "not by the key sha256:");
            yield return new("none of two keys", found, ByKeys(other.PublicKey, Ed25519([]).Pem), "none of the 2 keys");
            yield return new("swapped payload", found with { Content = other.Payload.Append((byte)'\n').ToArray() }, trust, "or what it signs was changed");
            foreach (var curve in new[] { ECCurve.NamedCurves.nistP384, ECCurve.NamedCurves.nistP521 })
            {
                var strong = new SigstoreMaker(ECDsa.Create(curve)) { Hash = HashAlgorithmName.SHA384 };
                yield return new($"SHA-384 with {curve.Oid.FriendlyName}", strong.Found(), ByKeys(strong.PublicKey), "not by the key");
            }

            foreach (var hash in new[] { HashAlgorithmName.SHA1, HashAlgorithmName.SHA512 })
            {
                var rsa = new SigstoreMaker(RSA.Create(2048)) { Hash = hash };
                yield return new($"RSA with {hash}", rsa.Found(), ByKeys(rsa.PublicKey), "not by the key");
            }

            yield return new("no signature", found with { Annotations = new Dictionary<string, string>() }, trust, "cosign/signature is missing");
            yield return new("empty signature", maker.Found(string.Empty), trust, "not by the key");
            yield return new("no base64", maker.Found("MEUC*"), trust, "not base64");
            yield return new("blanks in base64", maker.Found(maker.Found().Annotations[SigstoreAnnotations.Signature].Insert(8, " ")), trust, "not base64");
            yield return new("garbage", maker.Found(Convert.ToBase64String(new byte[300])), trust, "not by the key");
            yield return new("zeros", maker.Found(Convert.ToBase64String(new byte[64])), trust, "not by the key");
            yield return new("bytes after the signature", maker.Found(Convert.ToBase64String([.. maker.Signature, 0, 0])), trust, "not by the key");
            yield return new("another media type", found with { MediaType = "application/vnd.dsse.envelope.v1+json" }, trust, "its media type is");
        }
    }

    private static IEnumerable<SigstoreVector> WrongKeys
    {
        get
        {
            var maker = new SigstoreMaker();
            var pem = maker.PublicKey;
            yield return new("no PEM", maker.Found(), ByKeys("ssh-ed25519 AAAA"), "has no PEM block");
            yield return new("a private key", maker.Found(), ByKeys(SigstoreMaker.Key.ExportPkcs8PrivateKeyPem()), "is 'PRIVATE KEY'");
            yield return new("half a key", maker.Found(), ByKeys(pem.Remove(60, 12)), "can't be used");
            yield return new("one good key and a broken one", maker.Found(), ByKeys(pem, "nothing"), "number 2 can't be used");
            using var brainpool = ECDsa.Create(ECCurve.NamedCurves.brainpoolP256r1);
            yield return new("another curve", maker.Found(), ByKeys(brainpool.ExportSubjectPublicKeyInfoPem()), "its kind is not supported");
            using var explicitCurve = ECDsa.Create(SigstoreMaker.Key.ExportExplicitParameters(false));
            yield return new("a curve written out", maker.Found(), ByKeys(explicitCurve.ExportSubjectPublicKeyInfoPem()), "its kind is not supported");
            yield return new("RSA of 512 bits", maker.Found(), ByKeys(RSA.Create(512).ExportSubjectPublicKeyInfoPem()), "512 bits");
        }
    }

    private static (string Signature, string Pem) Ed25519(byte[] payload)
    {
        var generator = new Ed25519KeyPairGenerator();
        generator.Init(new Ed25519KeyGenerationParameters(new SecureRandom()));
        var pair = generator.GenerateKeyPair();
        var signer = new Ed25519Signer();
        signer.Init(true, pair.Private);
        signer.BlockUpdate(payload, 0, payload.Length);
        var der = SubjectPublicKeyInfoFactory.CreateSubjectPublicKeyInfo(pair.Public).GetDerEncoded();
        return (Convert.ToBase64String(signer.GenerateSignature()), PemEncoding.WriteString("PUBLIC KEY", der) + "\n");
    }
}
