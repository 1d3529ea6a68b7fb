using OciSync.Core.AuthFiles;
using OciSync.Core.Connections;
using OciSync.Core.Conversion;
using OciSync.Core.Logins;
using OciSync.Core.Tests.Engine;
using OciSync.Core.Tests.Transports;
using OciSync.Testing;
using OciSync.Testing.Images;
using OciSync.Testing.Pki;
using OciSync.Testing.Registry;
using OciSync.Testing.Registry.Auth;

namespace OciSync.Core.Tests.Conversion;

/// <summary>Layers that registries don't hold: they stay where they are, or are fetched without a login from where a manifest may lead.</summary>
public sealed class ForeignLayerTests
{
    private const string Foreign = "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip";
    private static readonly ConversionOptions Included = new() { IncludeForeignLayers = true };

    [Fact]
    public async Task They_are_fetched_without_a_login_and_the_manifest_stays()
    {
        using var pki = TestPki.Create();
        using var folder = new TempFolder();
        pki.Write(folder.Path);
        await using var elsewhere = await EmbeddedRegistry.StartAsync(new RegistryOptions { Certificate = pki.ServerCertificate });
        await using var source = await EmbeddedRegistry.StartAsync(RegistryOptions.WithToken(false, new RegistryUser("alice", "s3cret")));
        await using var destination = await EmbeddedRegistry.StartAsync();
        var (image, layer) = Make($"https://127.0.0.1:{elsewhere.Port}/v2/base/blobs/{{0}}");
        await source.AddAsync("a", image, "1");
        await elsewhere.AddAsync("base", layer, "1");
        var sessions = Run.Login(source);
        sessions.Set(elsewhere.Address, new ConnectionSettings { CertificatePath = folder["ca.crt"] }, RegistryCredential.FromPassword("bob", "other"));
        var request = Carry.Request($"{source.Address}/a:1", $"{destination.Address}/b:1");

        var kept = await Run.OneAsync(request, sessions: sessions);
        Assert.Equal(0, elsewhere.Requests.Count(null, "/"));
        var row = await Run.OneAsync(request with { Conversion = Included }, sessions: sessions);

        Assert.Equal(("Copied", image.Digest), (kept.Status, kept.Digest));
        Assert.True(row.Error is null, row.Error);
        Assert.Equal(("Updated", image.Digest), (row.Status, row.Digest));
        Assert.True(destination.HasBlob("b", layer.Blobs.Keys.Single()));
        Assert.Equal(1, elsewhere.Requests.Count("GET", "/blobs/"));
        Assert.All(elsewhere.Requests.Where(null, "/"), r => Assert.Null(r.AuthorizationScheme));
        Assert.All(elsewhere.Requests.Where(null, "/"), r => Assert.Null(r.Cookie));
        Assert.Equal("UpToDate", (await Run.OneAsync(request with { Conversion = Included }, sessions: sessions)).Status);
    }

    [Fact]
    public async Task One_that_the_registry_has_comes_from_there()
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        using var folder = new TempFolder();
        var (image, layer) = Make("https://169.254.169.254/{0}");
        await source.AddAsync("a", image, "1");
        await source.AddAsync("a", layer, "base");

        var row = await Convert.SucceedAsync($"{source.Address}/a:1", "dir:" + folder["d"], Included);

        Assert.Equal(image.Digest, row.Digest);
        Assert.Contains(layer.Blobs.Keys.Single()["sha256:".Length..], Carry.Tree(folder["d"]).Keys);
    }

    [Theory]
    [InlineData("https://127.0.0.1:{0}/x", "on this machine")]
    [InlineData("https://localhost:{0}/x", "on this machine")]
    [InlineData("https://[::1]:{0}/x", "on this machine")]
    [InlineData("https://169.254.169.254/latest/meta-data", "link-local")]
    [InlineData("https://10.1.2.3/x", "private network")]
    [InlineData("https://inside.test/x", "private network")]
    [InlineData("http://127.0.0.1:{0}/x", "not an https address")]
    [InlineData("file:///etc/shadow", "not an https address")]
    [InlineData("https://user:pass@example.test/x", "not an https address")]
    [InlineData("nonsense", "not an https address")]
    public async Task A_manifest_can_not_lead_inside(string url, string told)
    {
        await using var elsewhere = await EmbeddedRegistry.StartAsync();
        await using var source = await EmbeddedRegistry.StartAsync();
        using var folder = new TempFolder();
        var (image, _) = Make(url.Replace("{0}", elsewhere.Port.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        await source.AddAsync("a", image, "1");

        // A folder may come from anywhere.
        await Carry.SucceedAsync($"{source.Address}/a:1", "dir:" + folder["d"]);
        var options = Run.Quick with { Resolve = (_, _) => Task.FromResult(new[] { System.Net.IPAddress.Parse("192.168.1.1") }) };
        var row = await Convert.CopyAsync("dir:" + folder["d"], "dir:" + folder["e"], Included, options);

        Assert.Equal(("Failed", "OciForeignLayerUnavailable"), (row.Status, row.ErrorId));
        Assert.Contains(told, row.Error);
        Assert.DoesNotContain("pass", row.Error);
        Assert.Equal(0, elsewhere.Requests.Count(null, "/"));
    }

    [Fact]
    public async Task Other_bytes_than_the_digest_says_are_refused()
    {
        using var pki = TestPki.Create();
        using var folder = new TempFolder();
        pki.Write(folder.Path);
        await using var elsewhere = await EmbeddedRegistry.StartAsync(new RegistryOptions { Certificate = pki.ServerCertificate });
        await using var source = await EmbeddedRegistry.StartAsync();
        var other = TestLayer.Create(77, 300);
        var (image, layer) = Make($"https://127.0.0.1:{elsewhere.Port}/v2/base/blobs/{other.Descriptor.Digest}");
        await source.AddAsync("a", image, "1");
        await elsewhere.AddAsync("base", layer with { Blobs = new Dictionary<string, byte[]>(layer.Blobs) { [other.Descriptor.Digest] = other.Bytes } }, "1");
        var sessions = new RegistrySessions();
        sessions.Set(elsewhere.Address, new ConnectionSettings { CertificatePath = folder["ca.crt"] }, null);

        var row = await Run.OneAsync(Carry.Request($"{source.Address}/a:1", "dir:" + folder["d"]) with { Conversion = Included }, sessions: sessions);

        Assert.Equal(("Failed", "OciDigestMismatch"), (row.Status, row.ErrorId));
        Assert.False(File.Exists(folder["d/manifest.json"]));
    }

    private static (TestImage Image, TestImage Layer) Make(string url)
    {
        var layer = TestLayer.Create(7, 300);
        var descriptor = layer.Descriptor with { MediaType = Foreign, Urls = [url.Replace("{0}", layer.Descriptor.Digest)] };
        var image = ImageFactory.WithForeignLayers(descriptor);
        return (image, ImageFactory.Artifact("application/x", "y") with { Blobs = new Dictionary<string, byte[]> { [layer.Descriptor.Digest] = layer.Bytes } });
    }
}
