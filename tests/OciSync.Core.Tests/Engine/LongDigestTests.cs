using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using OciSync.Core.References;
using OciSync.Core.Tests.Transports;
using OciSync.Testing;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using OciSync.Testing.Registry.Faults;

namespace OciSync.Core.Tests.Engine;

/// <summary>Images with sha512 digests: in a layout, pushed and pulled where a registry takes them, refused clearly where not.</summary>
public sealed class LongDigestTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_registry_that_takes_them_has_them_under_the_tag(bool tagParameters)
    {
        using var folder = new TempFolder();
        await using var registry = await EmbeddedRegistry.StartAsync(new RegistryOptions { Dialect = new RegistryDialect { TagParameters = tagParameters } });
        var digest = WriteLayout(folder["l"]);

        var row = await Run.OneAsync(Carry.Request($"oci:{folder["l"]}:x", $"{registry.Address}/a:1"));
        if (!tagParameters)
        {
            // A tag that is written by itself would name a sha256 digest there.
            Assert.Equal("OciManifestRefused", row.ErrorId);
            Assert.Contains("sha512", row.Error);
            return;
        }

        Assert.Equal(("Copied", digest), (row.Status, row.Digest));
        Assert.Equal(digest, registry.DigestOf("a", "1"));
        Assert.All(registry.Requests.Where("POST", "/blobs/uploads/"), r => Assert.Contains("digest-algorithm=sha512", r.Query));
        Assert.Equal("UpToDate", (await Run.OneAsync(Carry.Request($"oci:{folder["l"]}:x", $"{registry.Address}/a:1"))).Status);

        var back = await Run.OneAsync(Carry.Request($"{registry.Address}/a:1", $"oci:{folder["back"]}:x"));
        Assert.Equal(("Copied", digest), (back.Status, back.Digest));
        Assert.True(File.Exists(folder[$"back/blobs/sha512/{digest["sha512:".Length..]}"]));
    }

    [Fact]
    public async Task A_registry_that_refuses_such_a_manifest_is_named()
    {
        using var folder = new TempFolder();
        await using var registry = await EmbeddedRegistry.StartAsync(
            new RegistryOptions { Dialect = new RegistryDialect { TagParameters = true, Sha512Manifests = false } });
        WriteLayout(folder["l"]);

        var row = await Run.OneAsync(Carry.Request($"oci:{folder["l"]}:x", $"{registry.Address}/a:1"));
        Assert.Equal(("Failed", "OciManifestRefused"), (row.Status, row.ErrorId));
        Assert.Contains("takes no manifest by a sha512 digest", row.Error);
        Assert.Empty(registry.TagsOf("a"));
    }

    // The last request of an upload is answered by 416, once: the blob is sent anew.
    [Theory]
    [InlineData(100)]
    [InlineData(40_000_000)]
    public async Task A_last_request_that_is_out_of_order_begins_anew(long size)
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        await source.AddSyntheticImageAsync("a", "1", size);
        destination.Faults.Add("PUT", "/blobs/uploads/", FaultAction.Respond(416), times: 1);

        var row = await Run.OneAsync(Run.Request([$"{source.Address}/a:1"], destination.Address));
        Assert.Equal("Copied", row.Status);
        Assert.True(row.RetryCount > 0);
        Assert.DoesNotContain(destination.Requests.Where("PATCH"), r => size == 100);
    }

    private static string WriteLayout(string folder)
    {
        var layer = TestLayer.Create(3, 1000);
        var config = Encoding.UTF8.GetBytes(
            $$$"""{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":["{{{layer.Descriptor.DiffId}}}"]}}""");
        var manifest = Encoding.UTF8.GetBytes(new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = MediaTypes.OciManifest,
            ["config"] = Describe(MediaTypes.OciConfig, config),
            ["layers"] = new JsonArray(Describe(layer.Descriptor.MediaType, layer.Bytes)),
        }.ToJsonString());
        Directory.CreateDirectory(Path.Combine(folder, "blobs", "sha512"));
        foreach (var blob in new[] { layer.Bytes, config, manifest })
        {
            File.WriteAllBytes(Path.Combine(folder, "blobs", "sha512", Hex(blob)), blob);
        }

        var entry = Describe(MediaTypes.OciManifest, manifest);
        entry["annotations"] = new JsonObject { ["org.opencontainers.image.ref.name"] = "x" };
        File.WriteAllText(Path.Combine(folder, "index.json"), new JsonObject { ["schemaVersion"] = 2, ["manifests"] = new JsonArray(entry) }.ToJsonString());
        File.WriteAllText(Path.Combine(folder, "oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}");
        return "sha512:" + Hex(manifest);
    }

    private static JsonObject Describe(string mediaType, byte[] bytes) =>
        new() { ["mediaType"] = mediaType, ["digest"] = "sha512:" + Hex(bytes), ["size"] = bytes.Length };

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(SHA512.HashData(bytes));
}
