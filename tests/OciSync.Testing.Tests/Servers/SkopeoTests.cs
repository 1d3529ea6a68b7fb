using System.Text.Json.Nodes;
using OciSync.Testing.Images;
using OciSync.Testing.Pki;
using OciSync.Testing.Registry;
using OciSync.Testing.Registry.Auth;
using OciSync.Testing.Servers;

namespace OciSync.Testing.Tests.Servers;

public sealed class SkopeoTests
{
    private static readonly TestImage Image = ImageFactory.Create(new ImageSpec { Platforms = TestPlatform.Usual, Attestations = true });

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Skopeo_pulls_and_pushes_every_kind_of_image()
    {
        SkipWithoutSkopeo();
        await using var registry = await EmbeddedRegistry.StartAsync();
        using var folder = new TempFolder();
        using var reader = new RawRegistryReader(registry.BaseUri);
        foreach (var (name, image) in Kinds())
        {
            await registry.AddAsync("source/" + name, image, "t");
            await RunAsync("copy", "--all", "--src-tls-verify=false", Ref(registry, $"source/{name}:t"), $"dir:{folder[name]}");
            await RunAsync("copy", "--all", "--preserve-digests", "--dest-tls-verify=false", $"dir:{folder[name]}", Ref(registry, $"target/{name}:t"));
            var raw = await RunAsync("inspect", "--raw", "--tls-verify=false", Ref(registry, $"target/{name}:t"));
            Assert.Equal(image.Root.Text, raw);
            Assert.Equal(image.Digest, (await reader.VerifyAsync("target/" + name, "t", Token))[0]);
        }

        Assert.Equal(0, registry.OpenUploads);
    }

    [Fact]
    public async Task Skopeo_mounts_lists_and_deletes()
    {
        SkipWithoutSkopeo();
        await using var registry = await EmbeddedRegistry.StartAsync(new RegistryOptions { Dialect = new RegistryDialect { TagPageSize = 2 } });
        await registry.AddAsync("a/one", Image, "t", "u", "v");
        using var home = new TempFolder();
        string[] copy = ["copy", "--all", "--src-tls-verify=false"];
        (await Skopeo.RunAsync([.. copy, Ref(registry, "a/one:t"), $"dir:{home["image"]}"], home, Token)).Succeeded();
        (await Skopeo.RunAsync([.. copy, "--dest-tls-verify=false", Ref(registry, "a/one:t"), Ref(registry, "a/two:t")], home, Token)).Succeeded();
        Assert.Equal(Image.Digest, registry.DigestOf("a/two", "t"));
        Assert.NotEmpty(registry.Requests.Where("POST", "/blobs/uploads/", 201));
        var list = JsonNode.Parse(await RunAsync("list-tags", "--tls-verify=false", $"docker://{registry.Address}/a/one"))!;
        Assert.Equal(["t", "u", "v"], list["Tags"]!.AsArray().Select(tag => (string)tag!));
        await RunAsync("delete", "--tls-verify=false", Ref(registry, "a/one:t"));
        Assert.Empty(registry.TagsOf("a/one"));
    }

    [Theory]
    [InlineData(AuthMode.Basic)]
    [InlineData(AuthMode.Token)]
    public async Task Skopeo_logs_in_over_tls(AuthMode mode)
    {
        SkipWithoutSkopeo();
        using var pki = TestPki.Create();
        using var folder = new TempFolder();
        pki.Write(folder.Path);
        File.Delete(folder["srv.key"]);
        File.Delete(folder["token.key"]);
        var auth = new AuthOptions { Mode = mode, Users = [new RegistryUser("alice", "s3cret")] };
        await using var registry = await EmbeddedRegistry.StartAsync(new RegistryOptions { Auth = auth, Certificate = pki.ServerCertificate });
        await registry.AddAsync("a", Image, "t");
        await RunAsync(
            "copy", "--all", "--src-creds", "alice:s3cret", "--dest-creds", "alice:s3cret",
            "--src-cert-dir", folder.Path, "--dest-cert-dir", folder.Path, Ref(registry, "a:t"), Ref(registry, "b:t"));
        Assert.Equal(Image.Digest, registry.DigestOf("b", "t"));
        var refused = await Skopeo.RunAsync(["inspect", "--creds", "alice:wrong", "--cert-dir", folder.Path, Ref(registry, "a:t")], null, Token);
        Assert.NotEqual(0, refused.ExitCode);
    }

    private static IEnumerable<(string Name, TestImage Image)> Kinds() =>
    [
        ("oci", ImageFactory.Create()),
        ("index", Image),
        ("docker", ImageFactory.Create(new ImageSpec { Docker = true })),
        ("list", ImageFactory.Create(new ImageSpec { Docker = true, Platforms = TestPlatform.Usual })),
        ("zstd", ImageFactory.Create(new ImageSpec { Compression = LayerCompression.Zstd })),
        ("artifact", ImageFactory.Artifact("application/spdx+json", "{}", Image.Root)),
    ];

    private static string Ref(EmbeddedRegistry registry, string name) => $"docker://{registry.Address}/{name}";

    private static async Task<string> RunAsync(params string[] arguments) => (await Skopeo.RunAsync(arguments, null, Token)).Succeeded();

    private static void SkipWithoutSkopeo() => Assert.SkipWhen(Skopeo.WhyMissing is not null, Skopeo.WhyMissing ?? "");
}
