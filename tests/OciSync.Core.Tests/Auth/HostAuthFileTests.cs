using OciSync.Core.References;
using OciSync.Core.Tests.Engine;
using OciSync.Testing;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using OciSync.Testing.Registry.Auth;
using OciSync.Testing.Servers;

namespace OciSync.Core.Tests.Auth;

/// <summary>A file of logins for some registries alone, and what else is for one side of a copy.</summary>
public sealed class HostAuthFileTests : IDisposable
{
    private readonly AuthHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task A_registry_with_a_file_of_its_own_has_no_other_and_the_others_have_theirs()
    {
        var own = _home.Write("own.json", AuthHome.Login("a.test", "own"));
        _home.WriteDocker(
            $$"""{"auths": {"a.test": {"auth": "{{AuthHome.Encode("usual:x")}}"}, "b.test": {"auth": "{{AuthHome.Encode("usual:x")}}"}, "c.test": {"auth": "{{AuthHome.Encode("usual:x")}}"} } }""");
        var options = _home.Options with { AuthFiles = new Dictionary<string, string> { ["a.test"] = own, ["c.test"] = own } };
        Assert.Equal("own", (await _home.FindAsync("a.test", "x", options))?.Logins.Current.Username);
        Assert.Equal("usual", (await _home.FindAsync("b.test", "x", options))?.Logins.Current.Username);
        Assert.Null(await _home.FindAsync("c.test", "x", options));
    }

    [Fact]
    public async Task Anonymous_leaves_a_file_that_is_given_to_the_command()
    {
        var own = _home.Write("own.json", AuthHome.Login("a.test", "own"));
        _home.WriteDocker(AuthHome.Login("b.test", "usual"));
        var options = _home.Options with { Anonymous = true, AuthFiles = new Dictionary<string, string> { ["a.test"] = own } };
        Assert.Equal("own", (await _home.FindAsync("a.test", "x", options))?.Logins.Current.Username);
        Assert.Null(await _home.FindAsync("b.test", "x", options));
    }

    [Fact]
    public async Task The_file_holds_for_the_host_that_stands_for_the_registry_and_for_its_mirror()
    {
        await using var registry = await StartAsync();
        await using var mirror = await StartAsync();
        var file = _home.Write(
            "own.json",
            $$"""{"auths": {"{{registry.Address}}": {"auth": "{{AuthHome.Encode("alice:s3cret")}}"}, "{{mirror.Address}}": {"auth": "{{AuthHome.Encode("alice:s3cret")}}"} } }""");
        var config = _home.Write(
            "r.conf",
            $"[[registry]]\nprefix = \"a.test\"\nlocation = \"{registry.Address}\"\ninsecure = true\n[[registry.mirror]]\nlocation = "
            + $"\"{mirror.Address}\"\ninsecure = true\n");
        var options = _home.Options with { RegistriesConfigPath = config, AuthFiles = new Dictionary<string, string> { ["a.test"] = file } };

        using var engine = Run.Engine(options, cancellationToken: TestContext.Current.CancellationToken);
        await engine.FindDigestAsync(ImageReference.Parse("a.test/a:1"), null, TestContext.Current.CancellationToken);
        await engine.ListTagsAsync(ImageReference.Parse("a.test/a"), TestContext.Current.CancellationToken);

        Assert.Equal((1, 1), (mirror.Requests.Count("HEAD", "/a/manifests/1") > 0 ? 1 : 0, registry.Requests.Count("GET", "/a/tags/list") > 0 ? 1 : 0));
        Assert.Equal(0, registry.Requests.Count("HEAD", "/a/manifests/1"));
    }

    [Fact]
    public async Task A_suffix_stands_behind_what_requests_call_themselves()
    {
        await using var registry = await EmbeddedRegistry.StartAsync(RegistryOptions.WithToken(false, new RegistryUser("alice", "s3cret")));
        await registry.AddAsync("a", ImageFactory.Create(), "1");
        using var engine = Run.Engine(
            Run.Quick with { UserAgentSuffix = "nightly/7" }, Run.Login(registry), cancellationToken: TestContext.Current.CancellationToken);
        await engine.ListTagsAsync(ImageReference.Parse(registry.Address + "/a"), TestContext.Current.CancellationToken);
        Assert.NotEmpty(registry.Requests);
        Assert.All(registry.Requests, r => Assert.Matches("^OciSync/[0-9.]+ nightly/7$", r.UserAgent));
    }

    [Fact]
    public async Task Images_are_read_from_the_engine_of_the_sources_and_written_to_the_other()
    {
        await using var one = RawServer.Start((_, stream, token) => stream.WriteAsync(RawServer.Head(404, "Content-Length: 0"), token).AsTask());
        await using var two = RawServer.Start((_, stream, token) => stream.WriteAsync(RawServer.Head(404, "Content-Length: 0"), token).AsTask());
        var options = Run.Quick with { SourceDaemonHost = "http://" + one.Address, DaemonHost = "http://" + two.Address };
        var request = new OciSync.Core.Requests.SyncRequest
        {
            Pairs = [new OciSync.Core.Rows.SyncPair(ImageLocation.Parse("docker-daemon:a:1"), ImageLocation.Parse("docker-daemon:b:1"), "a")],
        };
        Assert.Equal("Failed", (await Run.OneAsync(request, options)).Status);
        Assert.Contains(one.Requests, r => r.Contains("/images/", StringComparison.Ordinal));
        Assert.DoesNotContain(two.Requests, r => r.Contains("/images/", StringComparison.Ordinal));
    }

    private static async Task<EmbeddedRegistry> StartAsync()
    {
        var registry = await EmbeddedRegistry.StartAsync(RegistryOptions.WithBasic(new RegistryUser("alice", "s3cret")));
        await registry.AddAsync("a", ImageFactory.Create(), "1");
        return registry;
    }
}
