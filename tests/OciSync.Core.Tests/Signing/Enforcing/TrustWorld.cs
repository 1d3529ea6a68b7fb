using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using OciSync.Core.Flow;
using OciSync.Core.Requests;
using OciSync.Core.Rows;
using OciSync.Core.Signing;
using OciSync.Core.Signing.Judging;
using OciSync.Core.Tests.Engine;
using OciSync.Testing;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;

namespace OciSync.Core.Tests.Signing.Enforcing;

/// <summary>Two registries, a key, and policies: images are signed as cosign does it, by a tag beside them.</summary>
internal sealed class TrustWorld : IAsyncDisposable
{
    internal static readonly TestImage Image = ImageFactory.Create();

    internal static readonly TestImage Index = ImageFactory.Create(
        new ImageSpec { Platforms = [TestPlatform.LinuxAmd64, TestPlatform.LinuxArm64], Attestations = true });

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private TrustWorld(EmbeddedRegistry source, EmbeddedRegistry destination)
    {
        (Source, Destination) = (source, destination);
        File.WriteAllText(Folder["key.pub"], _key.ExportSubjectPublicKeyInfoPem() + "\n");
        Directory.CreateDirectory(Folder["registries.d"]);
        File.WriteAllText(Folder["registries.d/all.yaml"], $"default-docker:\n  lookaside: {new Uri(Folder["lookaside"])}\n  use-sigstore-attachments: true\n");
    }

    internal TempFolder Folder { get; } = new();

    internal EmbeddedRegistry Source { get; }

    internal EmbeddedRegistry Destination { get; }

    /// <summary>The image <c>app:1</c> at the source.</summary>
    internal string App => $"{Source.Address}/app:1";

    internal EngineOptions Options => Run.Quick with { RegistriesDirectoryPath = Folder["registries.d"] };

    /// <summary>The same, and registries.d says nothing.</summary>
    internal EngineOptions Unsaid => Run.Quick with { RegistriesDirectoryPath = Directory.CreateDirectory(Folder["nothing.d"]).FullName };

    /// <summary>A signature by the key, whatever tag is asked for.</summary>
    internal TrustOptions Signed => Policy("""[{"type": "sigstoreSigned", "keyPath": "key.pub", "signedIdentity": {"type": "matchRepository"}}]""");

    internal TrustOptions Accepted => Policy("""[{"type": "insecureAcceptAnything"}]""");

    internal static async Task<TrustWorld> StartAsync(TestImage? image = null)
    {
        var world = new TrustWorld(await EmbeddedRegistry.StartAsync(), await EmbeddedRegistry.StartAsync());
        await world.Source.AddAsync("app", image ?? Image, "1");
        return world;
    }

    internal TrustOptions Policy(string requirements)
    {
        File.WriteAllText(Folder["policy.json"], $$"""{"default": {{requirements}}}""");
        return new TrustOptions { Policy = OciPolicy.Open(Folder["policy.json"]) };
    }

    /// <summary>Signs manifests under the name of their repository.</summary>
    internal async Task SignAsync(params TestManifest[] manifests)
    {
        foreach (var manifest in manifests)
        {
            await SignAsync(manifest, $"{Source.Address}/app");
        }
    }

    internal async Task SignAsync(TestManifest manifest, string name)
    {
        var payload = Encoding.UTF8.GetBytes(
            $$$"""{"critical":{"identity":{"docker-reference":"{{{name}}}"},"image":{"docker-manifest-digest":"{{{manifest.Digest}}}"},"""
            + """ "type":"cosign container image signature"},"optional":null}""");
        var config = "{}"u8.ToArray();
        var signature = Convert.ToBase64String(_key.SignData(payload, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
        var json = new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = "application/vnd.oci.image.manifest.v1+json",
            ["config"] = Describe("application/vnd.oci.image.config.v1+json", config),
            ["layers"] = new JsonArray(Describe("application/vnd.dev.cosign.simplesigning.v1+json", payload, signature)),
        };
        var blobs = new Dictionary<string, byte[]> { [ContentDigest.Of(config)] = config, [ContentDigest.Of(payload)] = payload };
        await Source.AddAsync(
            "app",
            new TestImage([new TestManifest("application/vnd.oci.image.manifest.v1+json", Encoding.UTF8.GetBytes(json.ToJsonString()))], blobs),
            TagOf(manifest));
    }

    internal static string TagOf(TestManifest manifest) => manifest.Digest.Replace(':', '-') + ".sig";

    internal SyncRequest Request(TrustOptions? trust = null) =>
        Run.Request([App], Destination.Address) with { Trust = trust ?? TrustOptions.Everything };

    internal Task<OciSyncResult> CopyAsync(TrustOptions trust) => Run.OneAsync(Request(trust), Options);

    internal Task<OciSyncResult> RunAsync(SyncRequest request) => Run.OneAsync(request, Options);

    /// <summary>Nothing was written, nor asked to be.</summary>
    internal void AssertUntouched()
    {
        Assert.Equal(0, Destination.Requests.Count("POST") + Destination.Requests.Count("PUT") + Destination.Requests.Count("PATCH"));
        Assert.Empty(Destination.TagsOf("app"));
    }

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        await Destination.DisposeAsync();
        Folder.Dispose();
        _key.Dispose();
    }

    private static JsonObject Describe(string mediaType, byte[] content, string? signature = null)
    {
        var descriptor = new JsonObject { ["mediaType"] = mediaType, ["digest"] = ContentDigest.Of(content), ["size"] = content.Length };
        if (signature is not null)
        {
            descriptor["annotations"] = new JsonObject { ["dev.cosignproject.cosign/signature"] = signature };
        }

        return descriptor;
    }
}
