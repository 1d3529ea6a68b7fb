using System.Text;
using System.Text.Json.Nodes;
using OciSync.Core.Errors;
using OciSync.Core.References;
using OciSync.Core.Signing.Formats;
using OciSync.Core.Signing.Sigstore;
using OciSync.Core.Tests.Transports;
using OciSync.Testing;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using OciSync.Testing.Registry.Faults;

namespace OciSync.Core.Tests.Signing.Stores;

/// <summary>Attachments of sigstore, as skopeo and cosign make them, where they lie.</summary>
public sealed class AttachmentTests
{
    private static readonly DateTimeOffset Now = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("skopeo", ":1.0", "containers/image")]
    [InlineData("cosign", "", null)]
    [InlineData("cosign P-384", "", null)]
    [InlineData("cosign P-521", "", null)]
    [InlineData("cosign RSA", "", null)]
    [InlineData("cosign Ed25519", "", null)]
    public async Task Of_a_registry_hold_with_the_key_and_with_no_other(string name, string signedTag, string? creator)
    {
        var image = FrozenImage.Load(name);
        await using var registry = await EmbeddedRegistry.StartAsync();
        await image.AddAsync(registry, "app");
        using var world = StoreWorld.WithAttachments();

        var found = Assert.Single((await world.ReadAsync($"{registry.Address}/app:1.0", image.Digest)).Signatures);

        var proof = SigstoreVerifier.Check(found, new SigstoreTrust { Keys = [image.Key] }, Now);
        Assert.Null(proof.Refusal);
        var payload = SignedPayload.Read(proof.Payload!, SignatureKind.Sigstore, out _)!;
        Assert.Equal((image.SignedName + signedTag, image.Digest), (payload.DockerReference, payload.Digest.ToString()));
        Assert.Equal(creator, payload.Creator?.Split(' ')[0]);
        Assert.EndsWith($"/app:{image.Digest.Replace(':', '-')}.sig", found.Place, StringComparison.Ordinal);
        var other = FrozenImage.Load(name == "skopeo" ? "cosign" : "skopeo");
        Assert.NotNull(SigstoreVerifier.Check(found, new SigstoreTrust { Keys = [other.Key] }, Now).Refusal);
    }

    [Theory]
    [InlineData("oci:{0}:app")]
    [InlineData("oci-archive:{0}:app")]
    public async Task Lie_in_layouts_and_archives_under_their_name(string place)
    {
        var image = FrozenImage.Load("skopeo");
        await using var registry = await EmbeddedRegistry.StartAsync();
        await image.AddAsync(registry, "app");
        using var world = StoreWorld.WithAttachments();
        var target = ImageLocation.Parse(string.Format(null, place, world.Folder["place"]));
        var layout = $"oci:{world.Folder["layout"]}";
        foreach (var (tag, _) in image.Manifests)
        {
            await Carry.SucceedAsync($"{registry.Address}/app:{(tag.Length == 0 ? "1.0" : tag)}", $"{layout}:{(tag.Length == 0 ? "app" : tag)}");
        }

        if (target.Transport == ImageTransport.OciArchive)
        {
            System.Formats.Tar.TarFile.CreateFromDirectory(world.Folder["layout"], world.Folder["place"], includeBaseDirectory: false);
        }
        else
        {
            Directory.Move(world.Folder["layout"], world.Folder["place"]);
        }

        var found = Assert.Single((await world.ReadAsync(target.ToString(), image.Digest)).Signatures);
        Assert.Null(SigstoreVerifier.Check(found, new SigstoreTrust { Keys = [image.Key] }, Now).Refusal);
        Assert.Empty((await world.ReadAsync(target.ToString(), "sha256:" + new string('0', 64))).Signatures);
    }

    [Fact]
    public async Task Are_read_only_where_registries_d_says_so()
    {
        var image = FrozenImage.Load("skopeo");
        await using var registry = await EmbeddedRegistry.StartAsync();
        await image.AddAsync(registry, "app");
        await image.AddAsync(registry, "team/app");
        using var world = new StoreWorld($"docker:\n  {registry.Address}/team:\n    use-sigstore-attachments: true\n");

        Assert.Single((await world.ReadAsync($"{registry.Address}/team/app:1.0", image.Digest)).Signatures);
        registry.Requests.Clear();
        var off = await world.ReadAsync($"{registry.Address}/app:1.0", image.Digest);
        Assert.Empty(off.Signatures);
        Assert.Contains("use-sigstore-attachments", Assert.Single(off.Notes), StringComparison.Ordinal);
        Assert.Equal(0, registry.Requests.Count(pathContains: ".sig"));
    }

    [Fact]
    public async Task None_are_there_where_the_tag_is_missing()
    {
        var image = FrozenImage.Load("skopeo");
        await using var registry = await EmbeddedRegistry.StartAsync();
        await image.AddAsync(registry, "app");
        using var world = StoreWorld.WithAttachments();
        Assert.Empty((await world.ReadAsync($"{registry.Address}/app:1.0", "sha256:" + new string('0', 64))).Signatures);
    }

    [Fact]
    public async Task Take_one_request_for_the_list_and_one_for_each()
    {
        await using var registry = await EmbeddedRegistry.StartAsync();
        await registry.AddAsync("app", Attach(3), Tag);
        using var world = StoreWorld.WithAttachments();
        Assert.Equal(3, (await world.ReadAsync($"{registry.Address}/app:1.0", Subject)).Signatures.Count);
        Assert.Equal(4, registry.Requests.Count(pathContains: "/manifests/") + registry.Requests.Count(pathContains: "/blobs/"));
    }

    [Fact]
    public async Task Leave_out_attestations_in_the_same_list()
    {
        await using var registry = await EmbeddedRegistry.StartAsync();
        await registry.AddAsync("app", Attach(2, j => j["layers"]![1]!["mediaType"] = "application/vnd.dsse.envelope.v1+json"), Tag);
        using var world = StoreWorld.WithAttachments();
        Assert.Single((await world.ReadAsync($"{registry.Address}/app:1.0", Subject)).Signatures);
    }

    [Theory]
    [InlineData(128, null)]
    [InlineData(129, "it has 129 signatures, and at most 128 are read")]
    public async Task Are_read_to_a_limit(int count, string? fault)
    {
        await using var registry = await EmbeddedRegistry.StartAsync();
        await registry.AddAsync("app", Attach(count), Tag);
        using var world = StoreWorld.WithAttachments();
        if (fault is null)
        {
            Assert.Equal(count, (await world.ReadAsync($"{registry.Address}/app:1.0", Subject)).Signatures.Count);
            return;
        }

        var failure = await Assert.ThrowsAsync<OciException>(() => world.ReadAsync($"{registry.Address}/app:1.0", Subject));
        Assert.Contains(fault, failure.Message, StringComparison.Ordinal);
        Assert.Equal(0, registry.Requests.Count(pathContains: "/blobs/"));
    }

    [Theory]
    [InlineData("size", "at most 4194304 are read")]
    [InlineData("digest", "came with other bytes")]
    [InlineData("type", "can't be read as signatures: its media type is")]
    public async Task Are_refused_where_they_are_not_what_the_list_says(string change, string fault)
    {
        await using var registry = await EmbeddedRegistry.StartAsync();
        var image = Attach(1, j =>
        {
            if (change == "size")
            {
                j["layers"]![0]!["size"] = 5_000_000;
            }
            else if (change == "type")
            {
                j["mediaType"] = MediaTypes.DockerManifest;
            }
        });
        await registry.AddAsync("app", image, Tag);
        if (change == "digest")
        {
            registry.Faults.Add("GET", "/blobs/", FaultAction.CorruptResponse(), times: 10);
        }

        using var world = StoreWorld.WithAttachments();
        var failure = await Assert.ThrowsAsync<OciException>(() => world.ReadAsync($"{registry.Address}/app:1.0", Subject));
        Assert.Contains(fault, failure.Message, StringComparison.Ordinal);
    }

    private const string Subject = "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

    private static string Tag => Subject.Replace(':', '-') + ".sig";

    private static TestImage Attach(int count, Action<JsonObject>? change = null)
    {
        var image = ImageFactory.Cosign([.. Enumerable.Range(0, count).Select(i => $"a{i}")]);
        var json = JsonNode.Parse(image.Root.Bytes)!.AsObject();
        change?.Invoke(json);
        var manifest = new TestManifest(json["mediaType"]!.GetValue<string>(), Encoding.UTF8.GetBytes(json.ToJsonString()));
        return image with { Manifests = [manifest] };
    }
}
