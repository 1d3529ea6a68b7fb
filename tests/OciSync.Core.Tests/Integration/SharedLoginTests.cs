using System.Text.Json.Nodes;
using OciSync.Core.AuthFiles;
using OciSync.Core.Engine;
using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Logins;
using OciSync.Core.References;
using OciSync.Core.Tests.Auth;
using OciSync.Testing;
using OciSync.Testing.Images;
using OciSync.Testing.Servers;

namespace OciSync.Core.Tests.Integration;

/// <summary>Logins that skopeo made are used here and the other way round; and docker's real helper.</summary>
public sealed class SharedLoginTests : IDisposable
{
    private readonly AuthHome _home = new();
    private readonly TempFolder _skopeo = new();

    public SharedLoginTests() => Assert.SkipWhen(DockerRegistryProcess.WhyMissing is not null, DockerRegistryProcess.WhyMissing ?? string.Empty);

    public void Dispose()
    {
        _home.Dispose();
        _skopeo.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_skopeo_logs_in_to_is_logged_in_to_here(bool named)
    {
        Assert.SkipWhen(Skopeo.WhyMissing is not null, Skopeo.WhyMissing ?? string.Empty);
        await using var registry = await SeededAsync();
        string[] file = named ? ["--authfile", _home["auth.json"]] : [];
        _home.Variables["XDG_RUNTIME_DIR"] = _skopeo.Path;
        var options = named ? _home.Options with { AuthFilePath = _home["auth.json"] } : _home.Options;
        (await SkopeoAsync(["login", "--tls-verify=false", .. file, "-u", "alice", "-p", "s3cret", registry.Address])).Succeeded();
        Assert.Equal(["1"], await ListAsync(registry, options));

        (await SkopeoAsync(["logout", .. file, registry.Address])).Succeeded();
        var failure = await Assert.ThrowsAsync<OciException>(() => ListAsync(registry, options));
        Assert.Equal("OciUnauthorized", failure.ErrorId);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_saved_here_skopeo_uses_until_it_is_removed_here(bool named)
    {
        Assert.SkipWhen(Skopeo.WhyMissing is not null, Skopeo.WhyMissing ?? string.Empty);
        await using var registry = await SeededAsync();
        var path = named ? _home["auth.json"] : _skopeo[".docker/config.json"];
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, """{"own": {"b": [1, "é"], "a": null}, "auths": {"other.test": {"auth": "eDp5", "own": true} } }""");
        string[] file = named ? ["--authfile", path] : [];
        _home.Variables["DOCKER_CONFIG"] = _skopeo[".docker"];
        var store = new LoginStore(named ? _home.Options with { AuthFilePath = path } : _home.Options, _home.Events);
        string[] inspect = ["inspect", "--tls-verify=false", .. file, $"docker://{registry.Address}/team/a:1"];
        Assert.NotEqual(0, (await SkopeoAsync(inspect)).ExitCode);

        await store.SaveAsync(registry.Address, RegistryCredential.FromPassword("alice", "s3cret"), TestContext.Current.CancellationToken);
        (await SkopeoAsync(inspect)).Succeeded();
        await store.RemoveAsync(registry.Address, TestContext.Current.CancellationToken);
        Assert.NotEqual(0, (await SkopeoAsync(inspect)).ExitCode);

        var left = JsonNode.Parse(File.ReadAllText(path))!;
        Assert.Equal("""{"own":{"b":[1,"\u00E9"],"a":null},"auths":{"other.test":{"auth":"eDp5","own":true}}}""", left.ToJsonString());
    }

    [Theory]
    [InlineData("credsStore")]
    [InlineData("credHelpers")]
    public async Task The_real_helper_keeps_a_login(string key)
    {
        Assert.SkipWhen(PassStore.WhyMissing is not null, PassStore.WhyMissing ?? string.Empty);
        await using var pass = await PassStore.StartAsync(TestContext.Current.CancellationToken);
        await using var registry = await SeededAsync();
        pass.WriteHelper(_home["bin/docker-credential-real"]);
        _home.WriteDocker(key == "credsStore" ? """{"credsStore": "real"}""" : $$"""{"credHelpers": {"{{registry.Address}}": "real"} }""");
        var store = new LoginStore(_home.Options, _home.Events);
        await Assert.ThrowsAsync<OciException>(() => ListAsync(registry, _home.Options));

        Assert.Contains(
            "docker-credential-real",
            await store.SaveAsync(registry.Address, RegistryCredential.FromPassword("alice", "s3cret"), TestContext.Current.CancellationToken),
            StringComparison.Ordinal);
        Assert.Equal(["1"], await ListAsync(registry, _home.Options));
        var known = Assert.Single(await store.ListAsync(e => Assert.Fail(e.Message), TestContext.Current.CancellationToken));
        Assert.Equal((registry.Address, "alice"), (known.Registry, known.Username));
        Assert.DoesNotContain(AuthHome.Encode("alice:s3cret"), File.ReadAllText(_home[".docker/config.json"]), StringComparison.Ordinal);

        Assert.NotNull(await store.RemoveAsync(registry.Address, TestContext.Current.CancellationToken));
        await Assert.ThrowsAsync<OciException>(() => ListAsync(registry, _home.Options));
    }

    private static async Task<DockerRegistryProcess> SeededAsync()
    {
        var registry = await DockerRegistryProcess.StartAsync(DockerRegistryMode.Htpasswd);
        await Seeder.PushAsync(ImageFactory.Create(), registry.BaseUri, "team/a", ["1"], registry.Credentials, TestContext.Current.CancellationToken);
        return registry;
    }

    private async Task<IReadOnlyList<string>> ListAsync(DockerRegistryProcess registry, EngineOptions options)
    {
        using var engine = new OciEngine(
            options, _home.Events, _home.Sessions, new Dictionary<string, RegistryCredential>(), TestContext.Current.CancellationToken);
        return await engine.ListTagsAsync(ImageReference.Parse($"{registry.Address}/team/a"), TestContext.Current.CancellationToken);
    }

    private Task<ProcessResult> SkopeoAsync(IEnumerable<string> arguments) => Skopeo.RunAsync(arguments, _skopeo, TestContext.Current.CancellationToken);
}
