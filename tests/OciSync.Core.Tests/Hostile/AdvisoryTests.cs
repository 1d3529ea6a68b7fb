using System.Text;
using OciSync.Core.Auth;
using OciSync.Core.AuthFiles;
using OciSync.Core.Connections;
using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Machine;
using OciSync.Core.Manifests;
using OciSync.Core.References;
using OciSync.Core.SyncFiles;
using OciSync.Core.Tests.Engine;
using OciSync.Core.Tests.Transports;
using OciSync.Testing;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using OciSync.Testing.Registry.Auth;
using OciSync.Testing.Registry.Faults;
using MediaTypes = OciSync.Core.Manifests.MediaTypes;

namespace OciSync.Core.Tests.Hostile;

/// <summary>The lessons of published advisories in this field: what went wrong there doesn't here. Logins and redirects: <c>LeakTests</c> has more.</summary>
public sealed class AdvisoryTests
{
    private static readonly RegistryUser Alice = new("alice", "s3cret");

    private readonly TestImage _image = ImageFactory.Create();

    // docker: the digest of one reading, the content of another.
    [Fact]
    public async Task CVE_2014_8178_the_bytes_that_were_hashed_are_those_that_are_written()
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", _image, "1");
        source.Faults.Add("GET", "/manifests/", FaultAction.CorruptResponse(20), times: 100);
        var row = await Run.OneAsync(Run.Request([$"{source.Address}/a:1"], destination.Address));
        Assert.Equal(("Failed", "OciDigestMismatch"), (row.Status, row.ErrorId));
        Assert.Null(destination.DigestOf("a", "1"));
    }

    // docker load, containers/image, oras-go: a digest or a link that leads out of the folder.
    [Theory]
    [InlineData("../../../../etc/passwd")]
    [InlineData("/etc/passwd")]
    public void CVE_2024_3727_a_digest_is_no_path(string hex)
    {
        Assert.False(Digest.TryParse("sha256:" + hex.PadRight(64, '/'), out _, out _));
        Assert.False(Digest.TryParse("../" + new string('a', 3) + ":" + hex, out _, out _));
    }

    [Theory]
    [InlineData("GHSA_8xwf_rjm4_xvhv", "oci:")]
    [InlineData("CVE_2014_9356", "dir:")]
    public async Task Links_out_of_a_folder_are_not_followed(string advisory, string transport)
    {
        using var folder = new TempFolder();
        await using var source = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", _image, "1");
        var place = $"{transport}{folder["m"]}" + (transport == "oci:" ? ":b:1" : string.Empty);
        await Carry.SucceedAsync($"{source.Address}/a:1", place);
        var hex = _image.Blobs.Keys.First()["sha256:".Length..];
        var blob = transport == "oci:" ? folder["m/blobs/sha256/" + hex] : folder["m/" + hex];
        File.Delete(blob);
        File.WriteAllBytes(folder["secret"], _image.Blobs.Values.First());
        File.CreateSymbolicLink(blob, folder["secret"]);
        var row = await Carry.CopyAsync(place, "dir:" + folder["to"]);
        Assert.True(row.ErrorId == "OciLayoutInvalid", $"{advisory}: {row.Error}");
    }

    // containerd (ContainerDrip): a login sent to where a foreign layer is said to be.
    [Theory]
    [InlineData("http://{0}/layer")]
    [InlineData("file:///etc/passwd")]
    [InlineData("http://169.254.169.254/latest/meta-data/")]
    public async Task CVE_2020_15157_urls_of_layers_are_never_asked(string url)
    {
        await using var source = await EmbeddedRegistry.StartAsync(RegistryOptions.WithBasic(Alice));
        await using var other = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        var hex = new string('a', 64);
        await source.AddAsync("a", ImageFactory.WithForeignLayers(new LayerDescriptor(
            "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip", "sha256:" + hex, 1000, "sha256:" + hex)
        {
            Urls = [url.Replace("{0}", other.Address, StringComparison.Ordinal)],
        }), "1");
        var asked = new List<string>();
        await Run.SyncAsync(
            Run.Request([$"{source.Address}/a:1"], destination.Address), sessions: Run.Login(source),
            events: new EngineEvents { Request = entry => asked.AddLocked(new Uri(entry.Url).Authority) });
        Assert.Equal(0, other.Requests.Count(null, "/"));
        Assert.Equal(new[] { source.Address, destination.Address }.Order(), asked.Distinct().Order());
    }

    // OCI specifications, distribution, containerd: one digest, two meanings.
    [Fact]
    public void CVE_2021_41190_a_document_is_an_index_or_a_manifest()
    {
        var bytes = Encoding.UTF8.GetBytes("""{"schemaVersion":2,"manifests":[],"layers":[]}""");
        foreach (var type in new[] { null, MediaTypes.OciIndex, MediaTypes.OciManifest, MediaTypes.DockerList, MediaTypes.DockerManifest })
        {
            Assert.Equal(OciErrorKind.ManifestInvalid, Assert.Throws<OciException>(() => ManifestReader.Read(bytes, type, Digest.Of(bytes), "r.test/a")).Kind);
        }
    }

    // containerd import, distribution's catalogue, cosign: reads without a bound.
    [Theory]
    [InlineData("CVE_2023_25153", "/manifests/")]
    [InlineData("CVE_2023_2253", "/tags/list")]
    public async Task Answers_are_bounded(string advisory, string path)
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", _image, "1");
        source.Faults.Add("GET", path,
            new FaultAction { Kind = FaultKind.Respond, Status = 200, Body = new string(' ', path == "/manifests/" ? 4_194_305 : 67_108_865) }, times: 10);
        using var engine = Run.Engine(Run.Quick with { MaximumRetryCount = 0 }, cancellationToken: TestContext.Current.CancellationToken);
        var reference = ImageReference.Parse($"{source.Address}/a:1");
        var failure = await Assert.ThrowsAsync<OciException>(() => path == "/manifests/"
            ? engine.ReadManifestAsync(reference, null, TestContext.Current.CancellationToken)
            : engine.ListTagsAsync(ImageReference.Parse(source.Address + "/a"), TestContext.Current.CancellationToken));
        Assert.True(failure.Kind == OciErrorKind.ProtocolError, advisory + failure);
    }

    // regclient: a pinned digest that nobody compared.
    [Fact]
    public async Task CVE_2025_24882_a_pinned_digest_is_compared()
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", _image, "1");
        source.Faults.Add("HEAD", "/manifests/", FaultAction.WrongDigestHeader(), times: 10);
        using var engine = Run.Engine(cancellationToken: TestContext.Current.CancellationToken);
        var failure = await Assert.ThrowsAsync<OciException>(
            () => engine.FindDigestAsync(ImageReference.Parse($"{source.Address}/a@{_image.Digest}"), null, TestContext.Current.CancellationToken));
        Assert.Equal(OciErrorKind.DigestMismatch, failure.Kind);
    }

    // containers/image, distribution's proxy, oras-go, model-runner: where a token server may be.
    [Theory]
    [InlineData("CVE_2019_10214", "http://auth.test/token")]
    [InlineData("CVE_2026_33540", "http://169.254.169.254/token")]
    [InlineData("CVE_2026_33990", "https://127.0.0.1/token")]
    [InlineData("CVE_2026_48978", "https://[::1]/token")]
    [InlineData("GHSA_28r5_37g7_p6mp", "file:///token")]
    public async Task Token_servers_are_checked_before_a_login_is_sent(string advisory, string realm)
    {
        var rules = new RealmRules("registry.test", (_, _) => Task.FromResult(new[] { System.Net.IPAddress.Parse("203.0.113.7") }));
        var failure = await Assert.ThrowsAsync<OciException>(() => rules.CheckAsync(realm, isPlainHttp: false, TestContext.Current.CancellationToken));
        Assert.True(failure.Kind == OciErrorKind.ProtocolError, advisory + failure);
    }

    // oras-go: the login kept for a redirect, or an upload's Location, at another port of the host.
    [Theory]
    [InlineData("CVE_2026_50151", "POST", "/blobs/uploads/")]
    [InlineData("GHSA_vh4v_2xq2_g5cg", "GET", "/blobs/")]
    public async Task A_login_stays_at_its_scheme_host_and_port(string advisory, string method, string path)
    {
        await using var other = await EmbeddedRegistry.StartAsync();
        await using var locked = await EmbeddedRegistry.StartAsync(RegistryOptions.WithBasic(Alice));
        await using var open = await EmbeddedRegistry.StartAsync();
        var (from, to) = method == "GET" ? (locked, open) : (open, locked);
        await from.AddAsync("a", _image, "1");
        await other.AddAsync("a", _image, "1");
        locked.Faults.Add(method, path, method == "GET"
            ? FaultAction.Redirect($"http://{other.Address}{{path}}")
            : new FaultAction
            {
                Kind = FaultKind.Respond,
                Status = 202,
                Body = "",
                Headers = new Dictionary<string, string> { ["Location"] = $"http://{other.Address}/v2/a/blobs/uploads/1" }
            }, times: 100);
        await Run.OneAsync(Run.Request([$"{from.Address}/a:1"], to.Address), Run.Quick with { MaximumRetryCount = 0 }, Run.Login(locked));
        Assert.True(other.Requests.Count(null, "/") > 0, advisory + ": it was never asked");
        Assert.All(other.Requests.Where(null, "/"), r => Assert.Null(r.AuthorizationScheme));
    }

    // oras-go: memory for as much as a descriptor says.
    [Fact]
    public async Task GHSA_f36w_mj3v_6jqv_sizes_that_are_said_take_no_memory()
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        var text = Encoding.UTF8.GetString(_image.Root.Bytes);
        var size = _image.Blobs.Values.Max(b => b.Length);
        var bytes = Encoding.UTF8.GetBytes(text.Replace($"\"size\":{size}", "\"size\":4398046511104", StringComparison.Ordinal));
        Assert.NotEqual(text.Length, bytes.Length);
        await source.AddAsync("a", new TestImage([new TestManifest(_image.Root.MediaType, bytes)], _image.Blobs), "1");
        var before = GC.GetTotalAllocatedBytes();
        var row = await Run.OneAsync(Run.Request([$"{source.Address}/a:1"], destination.Address), Run.Quick with { MaximumRetryCount = 0 });
        Assert.Equal(("Failed", "OciDigestMismatch"), (row.Status, row.ErrorId));
        Assert.True(GC.GetTotalAllocatedBytes() - before < 2_000_000_000, "it took too much memory");
    }

    // go-jose: a token that is looked into.
    [Theory]
    [InlineData("""{"token":"a\r\nX-Injected: 1"}""")]
    [InlineData("""{"token":"\u0000"}""")]
    public void CVE_2024_28180_tokens_are_opaque_and_fit_into_a_header(string body) => Assert.Equal(
        OciErrorKind.ProtocolError, Assert.Throws<OciException>(() => TokenAnswer.Read(Encoding.UTF8.GetBytes(body), DateTimeOffset.UnixEpoch, "r.test")).Kind);

    // containerd: a name in the content that becomes the name at the destination.
    [Fact]
    public async Task CVE_2026_50195_names_in_the_content_name_nothing()
    {
        using var folder = new TempFolder();
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", _image, "1");
        await Carry.SucceedAsync($"{source.Address}/a:1", $"oci:{folder["m"]}:good:1");
        File.WriteAllText(folder["m/index.json"], File.ReadAllText(folder["m/index.json"]).Replace("good:1", "../../evil:1", StringComparison.Ordinal));
        var row = await Carry.CopyAsync($"oci:{folder["m"]}:@0", $"{destination.Address}/x:1");
        Assert.Equal("Copied", row.Status);
        Assert.Equal(["1"], destination.TagsOf("x"));
        Assert.Empty(destination.TagsOf("evil"));
    }

    // Files of settings that are bombs, as the index and manifest documents are (CVE-2023-25153).
    [Fact]
    public void Sync_files_that_are_bombs_are_one_mistake()
    {
        var aliases = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
            + string.Concat(Enumerable.Range(1, 12).Select(i => $"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))}]\n"));
        (string Text, int Line, int Column)[] bombs =
        [
            (aliases, 6, 10),
            (new string('[', 100_000), 1, 66),
            (string.Concat(Enumerable.Repeat("{a: ", 100_000)), 1, 258),
            (string.Concat(Enumerable.Repeat("- ", 100_000)), 1, 131),
            ("a: " + new string('x', 10_000_000), 1, 1),
            (string.Concat(Enumerable.Range(0, 300_000).Select(i => $"k{i}: 1\n")), 200_000, 1),
            ($"[{string.Join(", ", Enumerable.Repeat("[1, 1, 1]", 90_000))}", 1, 549_998)
        ];

        // Each ends where it is too much: what it would take further is never read.
        foreach (var (text, line, column) in bombs)
        {
            var mistake = Assert.Single(SyncFile.Parse("s.yaml", text, _ => null).Mistakes);
            Assert.Equal((text[..5], line, column), (text[..5], mistake.Line, mistake.Column));
        }
    }

    [Fact]
    public void Auth_files_and_registries_conf_that_are_bombs()
    {
        using var folder = new TempFolder();
        foreach (var content in new[]
        {
            string.Concat(Enumerable.Repeat("{\"auths\":", 100_000)),
            new string(' ', 5_000_000) + "{}",
            "{\"auths\":{\"\\ud800\":{}}}"
        })
        {
            File.WriteAllText(folder["f"], content);
            Assert.Equal(
                OciErrorKind.ConfigurationInvalid, Assert.Throws<OciException>(() => AuthFile.Load(new AuthFilePlace(folder["f"]), EngineEvents.None)).Kind);
        }

        foreach (var content in new[]
        {
            "a = " + new string('[', 100_000),
            "#" + new string(' ', 300_000),
            "a = \"" + new string('\u0001', 1000),
            "a" + string.Concat(Enumerable.Repeat(".a", 50_000)) + " = 1"
        })
        {
            File.WriteAllText(folder["f"], content);
            var places = new MachinePlaces();
            Assert.Equal(OciErrorKind.ConfigurationInvalid, Assert.Throws<OciException>(() => RegistriesConfig.Load(places, folder["f"])).Kind);
        }
    }
}
