using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using OciSync.Core.References;
using OciSync.Core.Signing.Bundles;
using OciSync.Core.Tests.Signing.Sigstore;
using OciSync.Core.Tests.Signing.Stores;
using OciSync.Testing;
using PublicKey = OciSync.Core.Signing.Cryptography.PublicKey;

namespace OciSync.Core.Tests.Signing.Bundles;

/// <summary>Bundles that a key signed, and those that other tools made.</summary>
public sealed class KeyBundleTests
{
    private static readonly Digest Image = Digest.Parse(ContentDigest.Of(SigstoreMaker.Manifest));
    private static readonly PublicKey Key = PublicKey.Read(SigstoreMaker.Key.ExportSubjectPublicKeyInfo());

    [Theory]
    [InlineData("cosign 3")]
    [InlineData("cosign 3 P-384")]
    [InlineData("cosign 3 P-521")]
    [InlineData("cosign 3 RSA")]
    public void Of_cosign_hold_with_the_key_and_with_no_other(string name)
    {
        var image = FrozenImage.LoadBundle(name);
        var digest = Digest.Parse(image.Digest);
        var key = PublicKey.ReadPem(image.Key);

        var proof = BundleVerifier.Check(image.Bundle, [Key, key], digest);
        Assert.Null(proof.Refusal);
        Assert.Equal(($"{key.Fingerprint} ({key.Kind})", null), (proof.Signer, proof.SignedAt));
        Assert.Contains("not by the key sha256:", BundleVerifier.Check(image.Bundle, [Key], digest).Refusal, StringComparison.Ordinal);
        Assert.Contains("of another image", BundleVerifier.Check(image.Bundle, [key], Image).Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_sigstore_js_hold_under_its_root_for_its_signer_alone()
    {
        using var stream = GetType().Assembly.GetManifestResourceStream("sigstore-keyless")!;
        var json = JsonNode.Parse(stream)!;
        var (bundle, root) = (Encoding.UTF8.GetBytes(json["bundle"]!.ToJsonString()), Encoding.UTF8.GetBytes(json["root"]!.ToJsonString()));
        var image = Digest.Parse(json["image"]!.GetValue<string>());
        const string Issuer = "https://issuer.example.test";

        var proof = BundleVerifier.Check(bundle, TrustedRoot.Read(root), SignerIdentity.Exact("dev@example.test", Issuer), image);
        Assert.Null(proof.Refusal);
        Assert.Equal($"dev@example.test ({Issuer})", proof.Signer);
        var other = BundleVerifier.Check(bundle, TrustedRoot.Read(root), SignerIdentity.Exact("other@example.test", Issuer), image);
        Assert.Contains("is of 'dev@example.test', and not of 'other@example.test'", other.Refusal, StringComparison.Ordinal);
        var ours = BundleVerifier.Check(bundle, TrustedRoot.Read(TestTrustedRoot.Write()), SignerIdentity.Exact("dev@example.test", Issuer), image);
        Assert.Contains("the log of its entry is not trusted", ours.Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void Hold_whichever_hash_goes_with_a_large_curve()
    {
        foreach (var (curve, hash) in new[]
        {
            (ECCurve.NamedCurves.nistP384, HashAlgorithmName.SHA384), (ECCurve.NamedCurves.nistP521, HashAlgorithmName.SHA512),
        })
        {
            using var key = ECDsa.Create(curve);
            var keys = new[] { PublicKey.Read(key.ExportSubjectPublicKeyInfo()) };
            Assert.Null(BundleVerifier.Check(new BundleMaker().ByKey(key), keys, Image).Refusal);
            Assert.Null(BundleVerifier.Check(new BundleMaker().ByKey(key, hash), keys, Image).Refusal);
            Assert.NotNull(BundleVerifier.Check(new BundleMaker().ByKey(key, HashAlgorithmName.SHA1), keys, Image).Refusal);
        }
    }

    [Fact]
    public void Are_refused_for_what_is_wrong()
    {
        void Refused(string reason, byte[] bundle)
        {
            var proof = BundleVerifier.Check(bundle, [Key], Image);
            Assert.Contains(reason, proof.Refusal, StringComparison.Ordinal);
            Assert.Equal((null, false), (proof.Signer, proof.IsUnsupported));
        }

        Refused("by a certificate, and not by a key", new BundleMaker().Keyless());
        Refused("says something else of the image", ByKey(new BundleMaker { Statement = s => s["predicateType"] = "https://slsa.dev/provenance/v1" }));
        Refused("its payload is of the type 'text/plain'", ByKey(new BundleMaker { PayloadType = "text/plain" }));
        Refused("changed", ByKey(new BundleMaker { Bundle = b => b["dsseEnvelope"]!["payload"] = Convert.ToBase64String("""
            {"_type":"https://in-toto.io/Statement/v1"}
            """u8) }));
        Refused("it signs a file by itself", ByKey(new BundleMaker { Bundle = b => b["messageSignature"] = new JsonObject() }));
        Refused("verificationMaterial is missing", ByKey(new BundleMaker { Bundle = b => b.Remove("verificationMaterial") }));
        Refused("it is no bundle", ByKey(new BundleMaker { Bundle = b => b["mediaType"] = "application/json" }));
        Refused("is not JSON", "{"u8.ToArray());
        Refused("twice", Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(ByKey(new BundleMaker()))[..^1] + ",\"mediaType\":\"\"}"));
        Assert.Null(BundleVerifier.Check(ByKey(new BundleMaker()), [Key], Image).Refusal);
    }

    private static byte[] ByKey(BundleMaker maker) => maker.ByKey(SigstoreMaker.Key);
}
