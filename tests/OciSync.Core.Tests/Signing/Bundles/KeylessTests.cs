using System.Text;
using System.Text.Json.Nodes;
using OciSync.Core.References;
using OciSync.Core.Signing.Bundles;
using OciSync.Core.Tests.Signing.Sigstore;
using OciSync.Testing;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using OciSync.Testing.Servers;

namespace OciSync.Core.Tests.Signing.Bundles;

/// <summary>Bundles without a key of one's own: each that is right holds, and each with one step wrong is refused for that.</summary>
public sealed class KeylessTests
{
    private static readonly Lazy<IReadOnlyList<BundleVector>> Vectors = new(() => KeylessVectors.All);

    public static TheoryData<string> Names => [.. Vectors.Value.Select(v => v.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void One_that_is_right_holds_and_one_wrong_step_is_enough(string name)
    {
        var vector = Vectors.Value.Single(v => v.Name == name);
        var proof = BundleVerifier.Check(
            vector.Bundle, TrustedRoot.Read(vector.Root), SignerIdentity.Exact(vector.Identity, vector.Issuer), Digest.Parse(vector.Image));
        if (vector.Refusal is null)
        {
            Assert.Null(proof.Refusal);
            Assert.Equal(($"{vector.Identity} ({vector.Issuer})", SigstoreMaker.Logged), (proof.Signer, proof.SignedAt));
        }
        else
        {
            Assert.Null(proof.Signer);
            Assert.Contains(vector.Refusal, proof.Refusal, StringComparison.Ordinal);
            Assert.Equal(vector.IsUnsupported, proof.IsUnsupported);
        }
    }

    [Theory]
    [InlineData(".*@example\\.test", "https://issuer\\..*", true)]
    [InlineData("dev@example", "https://.*", false)]
    [InlineData("ev@example.test", "https://.*", false)]
    [InlineData("nobody|dev@example.test", "https://.*", true)]
    [InlineData(".*", "https://issuer", false)]
    [InlineData("(d|de|dev)*@example.test", ".*", true)]
    public void Patterns_fit_the_whole_name(string name, string issuer, bool isGood)
    {
        var vector = Vectors.Value[0];
        var proof = BundleVerifier.Check(
            vector.Bundle, TrustedRoot.Read(vector.Root), SignerIdentity.Patterns(name, issuer), Digest.Parse(vector.Image));
        Assert.Equal(isGood, proof.Refusal is null);
    }

    [Theory]
    [InlineData("", "x")]
    [InlineData("x", "")]
    public void A_name_and_an_issuer_have_to_be_given(string name, string issuer)
    {
        Assert.Throws<ArgumentException>(() => SignerIdentity.Exact(name, issuer));
        Assert.Throws<ArgumentException>(() => SignerIdentity.Patterns(name, issuer));
    }

    [Fact]
    public async Task Cosign_says_the_same_of_each()
    {
        Assert.SkipWhen(NewCosign.WhyMissing is not null, NewCosign.WhyMissing ?? string.Empty);
        await using var registry = await EmbeddedRegistry.StartAsync();
        using var folder = new TempFolder();
        var config = "{}"u8.ToArray();
        var image = new TestImage(
            [new TestManifest(MediaTypes.OciManifest, SigstoreMaker.Manifest)], new Dictionary<string, byte[]> { [ContentDigest.Of(config)] = config });
        var wrong = new StringBuilder();
        foreach (var (vector, number) in Vectors.Value.Where(v => v.Image == image.Digest).Select((v, i) => (v, i)))
        {
            await registry.AddAsync($"v{number}", image, "1");
            await registry.AddAsync($"v{number}", Referrer(vector.Bundle, image.Root));
            await File.WriteAllBytesAsync(folder["root.json"], vector.Root, TestContext.Current.CancellationToken);
            var result = await NewCosign.RunAsync(
                [
                    "verify", "--trusted-root", folder["root.json"], "--certificate-identity", vector.Identity, "--certificate-oidc-issuer", vector.Issuer,
                    "--allow-http-registry", $"{registry.Address}/v{number}:1",
                ],
                TestContext.Current.CancellationToken);
            if (vector.Stricter is null && (vector.Refusal is null) != (result.ExitCode == 0))
            {
                wrong.AppendLine($"{vector.Name}: '{vector.Refusal}', and cosign: {result.ExitCode} {result.Error}");
            }
        }

        Assert.True(wrong.Length == 0, wrong.ToString());
    }

    internal static TestImage Referrer(byte[] bundle, TestManifest subject)
    {
        var image = ImageFactory.Artifact(BundleMaker.MediaType, Encoding.UTF8.GetString(bundle), subject);
        var json = JsonNode.Parse(image.Root.Bytes)!.AsObject();
        json["annotations"] = new JsonObject
        {
            ["dev.sigstore.bundle.content"] = "dsse-envelope",
            ["dev.sigstore.bundle.predicateType"] = "https://sigstore.dev/cosign/sign/v1",
            ["org.opencontainers.image.created"] = "2024-05-01T12:00:00Z",
        };
        return image with { Manifests = [new TestManifest(MediaTypes.OciManifest, Encoding.UTF8.GetBytes(json.ToJsonString()))] };
    }
}
