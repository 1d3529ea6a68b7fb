using OciSync.Core.Flow;
using OciSync.Testing;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using OciSync.Testing.Registry.Auth;
using OciSync.Testing.Registry.Faults;

namespace OciSync.Core.Tests.Engine;

/// <summary>Runs that a registries.conf leads to other places.</summary>
public sealed class MirrorTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task All_public_registries_lead_to_local_ones_by_one_file()
    {
        (string Name, string Repository)[] images =
        [
            ("docker.elastic.co/elasticsearch/elasticsearch", "elasticsearch/elasticsearch"), ("quay.io/metallb/speaker", "metallb/speaker"),
            ("k8s.gcr.io/pause", "pause"),
            ("registry.k8s.io/coredns/coredns", "coredns/coredns"), ("gcr.io/kaniko-project/executor", "kaniko-project/executor"),
            ("ghcr.io/kube-vip/kube-vip", "kube-vip/kube-vip"), ("mcr.microsoft.com/dotnet/sdk", "dotnet/sdk"), ("alpine", "library/alpine"),
        ];
        var hosts = images.Select(i => i.Name.Contains('/', StringComparison.Ordinal) ? i.Name.Split('/')[0] : "docker.io").ToList();
        await using var places = await Places.StartAsync(images.Length);
        await using var destination = await EmbeddedRegistry.StartAsync();
        for (var i = 0; i < images.Length; i++)
        {
            await places.Registries[i].AddAsync("from/" + images[i].Repository, ImageFactory.Create(new ImageSpec { Seed = i + 1 }), "1");
        }

        var options = Config(string.Join("\n", hosts.Select((h, i) =>
            $"[[registry]]\nprefix = '{h}'\nlocation = '{places.Addresses[i]}/from'\ninsecure = true")));
        var outcomes = await Run.SyncAsync(Run.Request(images.Select(i => i.Name + ":1"), destination.Address + "/to"), options);

        Assert.All(outcomes, o => Assert.True(o.Row.Status == "Copied", o.Row.Error));
        for (var i = 0; i < images.Length; i++)
        {
            var leaf = images[i].Repository.Split('/')[^1];
            Assert.Equal(places.Registries[i].DigestOf("from/" + images[i].Repository, "1"), destination.DigestOf("to/" + leaf, "1"));
        }
    }

    [Fact]
    public async Task A_mirror_is_read_first_and_never_written()
    {
        await using var places = await Places.StartAsync(3);
        var (primary, mirror, destination) = (places.Registries[0], places.Registries[1], places.Registries[2]);
        var image = ImageFactory.Create();
        await mirror.AddAsync("m/a", image, "1");
        var options = Config($"[[registry]]\nlocation = '{primary.Address}'\nmirror = [{{ location = '{mirror.Address}/m' }}]");

        Assert.Equal("Copied", (await Run.OneAsync(Run.Request([$"{primary.Address}/a:1"], destination.Address), options)).Status);
        Assert.Equal(0, primary.Requests.Count(null, "/a/"));

        mirror.Requests.Clear();
        Assert.Equal("Copied", (await Run.OneAsync(Run.Request([$"{destination.Address}/a:1"], primary.Address), options)).Status);
        Assert.Equal(image.Digest, primary.DigestOf("a", "1"));
        Assert.Equal(0, mirror.Requests.Count(null, "/v2/"));
    }

    [Fact]
    public async Task What_mirrors_lack_comes_from_the_next_and_from_the_primary_last()
    {
        await using var places = await Places.StartAsync(4);
        var (primary, first, second, destination) = (places.Registries[0], places.Registries[1], places.Registries[2], places.Registries[3]);
        var image = ImageFactory.Create();
        await primary.AddAsync("a", image, "1");
        await second.AddAsync("a", image, "1");
        second.Faults.Add("GET", "/blobs/", FaultAction.Respond(404), times: 1000);
        var options = Config(
            $"[[registry]]\nlocation = '{primary.Address}'\nmirror = [{{ location = '127.0.0.1:1' }}, {{ location = '{first.Address}' }}, {{ location = "
            + $"'{second.Address}' }}]");

        var row = await Run.OneAsync(Run.Request([$"{primary.Address}/a:1"], destination.Address), options);

        Assert.True(row.Status == "Copied", row.Error);
        Assert.True(first.Requests.Count("HEAD", "/manifests/1") > 0, first.Requests.ToString());
        Assert.Equal(0, primary.Requests.Count(null, "/manifests/"));
        Assert.Equal(image.Blobs.Count, primary.Requests.Count("GET", "/blobs/"));
    }

    [Theory]
    [InlineData("cut", 0)]
    [InlineData("cut", 5)]
    [InlineData("corrupt", 5)]
    [InlineData("short", 0)]
    [InlineData("long", 0)]
    public async Task After_a_mirror_that_spoils_a_blob_the_next_place_is_asked(string fault, int retries)
    {
        await using var places = await Places.StartAsync(4);
        var (primary, first, second, destination) = (places.Registries[0], places.Registries[1], places.Registries[2], places.Registries[3]);
        var image = await primary.AddSyntheticImageAsync("a", "1", 400_000);
        var layer = await primary.AddSyntheticBlobAsync("a", 400_000);
        await second.AddSyntheticImageAsync("a", "1", 400_000);
        await first.AddSyntheticImageAsync("a", "1", 400_000);
        foreach (var mirror in new[] { first, second })
        {
            mirror.Faults.Add("GET", "/blobs/" + layer, Spoil(fault), times: 1000);
        }

        var told = new System.Collections.Concurrent.ConcurrentQueue<string>();
        var options = Config(
            $"[[registry]]\nlocation = '{primary.Address}'\nmirror = [{{ location = '{first.Address}' }}, {{ location = '{second.Address}' }}]")
            with { MaximumRetryCount = retries };

        var outcomes = await Run.SyncAsync(
            Run.Request([$"{primary.Address}/a:1"], destination.Address), options, events: new EngineEvents { Decision = told.Enqueue });

        var row = Assert.Single(outcomes).Row;
        Assert.True(row.Status == "Copied", row.Error);
        Assert.Equal(image.Digest, destination.DigestOf("a", "1"));
        Assert.All([first, second, primary], r => Assert.Equal(1, r.Requests.Count("GET", "/blobs/" + layer)));
        Assert.Equal(fault == "cut" ? "bytes=" : null, primary.Requests.Where("GET", "/blobs/" + layer)[0].Range?[..6]);
        Assert.Equal(2, told.Count(t => t.Contains("is not asked for blob " + layer, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("cut")]
    [InlineData("corrupt")]
    public async Task A_config_that_a_mirror_spoils_comes_from_the_next_place(string fault)
    {
        await using var places = await Places.StartAsync(2);
        var image = ImageFactory.Create();
        foreach (var registry in places.Registries)
        {
            await registry.AddAsync("a", image, "1");
        }

        places.Registries[1].Faults.Add("GET", "/blobs/", Spoil(fault) with { AfterBytes = 20 }, times: 1000);
        using var engine = Run.Engine(
            Config($"[[registry]]\nlocation = '{places.Addresses[0]}'\nmirror = [{{ location = '{places.Addresses[1]}' }}]"),
            cancellationToken: TestContext.Current.CancellationToken);

        Assert.Contains(
            "rootfs",
            await engine.ReadConfigAsync(
                OciSync.Core.References.ImageReference.Parse(places.Addresses[0] + "/a:1"), null, TestContext.Current.CancellationToken),
            StringComparison.Ordinal);
        Assert.Equal((1, 1), (places.Registries[0].Requests.Count("GET", "/blobs/"), places.Registries[1].Requests.Count("GET", "/blobs/")));
    }

    [Fact]
    public async Task When_all_fail_each_is_told()
    {
        await using var places = await Places.StartAsync(3);
        var (primary, mirror, destination) = (places.Registries[0], places.Registries[1], places.Registries[2]);
        var options = Config($"[[registry]]\nlocation = '{primary.Address}'\nmirror = [{{ location = '127.0.0.1:1/x' }}, {{ location = '{mirror.Address}' }}]");

        var row = await Run.OneAsync(Run.Request([$"{primary.Address}/a:1"], destination.Address), options);

        Assert.Equal("OciManifestUnknown", row.ErrorId);
        Assert.Contains("(Mirrors also failed: [127.0.0.1:1/x/a: '127.0.0.1:1' refused the connection", row.Error, StringComparison.Ordinal);
        Assert.Contains($"[{mirror.Address}/a: it does not have this]", row.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_primary_s_login_never_goes_to_its_mirror()
    {
        var alice = new RegistryUser("alice", "s3cret");
        await using var primary = await EmbeddedRegistry.StartAsync(RegistryOptions.WithBasic(alice));
        await using var mirror = await EmbeddedRegistry.StartAsync(RegistryOptions.WithBasic(alice));
        await using var open = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        await primary.AddAsync("a", ImageFactory.Create(), "1");
        var options = Config(
            $"[[registry]]\nlocation = '{primary.Address}'\nmirror = [{{ location = '{mirror.Address}' }}, {{ location = '{open.Address}' }}]");

        var row = await Run.OneAsync(Run.Request([$"{primary.Address}/a:1"], destination.Address), options, Run.Login(primary));

        Assert.True(row.Status == "Copied", row.Error);
        Assert.True(mirror.Requests.Count(null, "/v2/") > 0);
        Assert.All(mirror.Requests.Where(null, "/").Concat(open.Requests.Where(null, "/")), r => Assert.Null(r.AuthorizationScheme));
    }

    [Fact]
    public async Task Mirrors_for_digests_or_tags_are_asked_for_these_alone()
    {
        await using var places = await Places.StartAsync(4);
        var (primary, digests, tags, destination) = (places.Registries[0], places.Registries[1], places.Registries[2], places.Registries[3]);
        var image = ImageFactory.Create();
        foreach (var registry in places.Registries.Take(3))
        {
            await registry.AddAsync("a", image, "1");
        }

        var options = Config(
            $"[[registry]]\nlocation = '{primary.Address}'\nmirror = [{{ location = '{digests.Address}', pull-from-mirror = 'digest-only' }}, "
            + $"{{ location = '{tags.Address}', pull-from-mirror = 'tag-only' }}]");
        Assert.Equal("Copied", (await Run.OneAsync(Run.Request([$"{primary.Address}/a:1"], destination.Address + "/x"), options)).Status);
        Assert.Equal((0, 0), (digests.Requests.Count(null, "/v2/"), primary.Requests.Count(null, "/a/")));
        tags.Requests.Clear();
        Assert.Equal("Copied", (await Run.OneAsync(Run.Request([$"{primary.Address}/a@{image.Digest}"], destination.Address + "/y"), options)).Status);
        Assert.Equal((0, 0), (tags.Requests.Count(null, "/v2/"), primary.Requests.Count(null, "/a/")));
    }

    private static FaultAction Spoil(string fault) => fault switch
    {
        "cut" => FaultAction.CutResponse(100_000),
        "corrupt" => FaultAction.CorruptResponse(5),
        "short" => FaultAction.TruncateResponse(100_000),
        _ => FaultAction.Respond(200) with { Body = new string('x', 500_000) },
    };

    private EngineOptions Config(string text)
    {
        var path = _folder["registries.conf"];
        File.WriteAllText(path, text);
        return Run.Quick with { RegistriesConfigPath = path };
    }
}
