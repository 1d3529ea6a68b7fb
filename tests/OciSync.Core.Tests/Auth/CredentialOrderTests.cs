using OciSync.Core.AuthFiles;
using OciSync.Core.Connections;
using OciSync.Core.Errors;
using OciSync.Core.Logins;
using OciSync.Core.Machine;

namespace OciSync.Core.Tests.Auth;

/// <summary>The places in their order: each wins over all below it, and what is broken below does no harm.</summary>
public sealed class CredentialOrderTests : IDisposable
{
    private static readonly string[] Places =
        ["given", "session", "authfile", "variable", "runtime", "config", "docker", "dockercfg"];

    private readonly AuthHome _home = new();

    public static TheoryData<string> AllPlaces => [.. Places];

    public void Dispose() => _home.Dispose();

    [Theory]
    [MemberData(nameof(AllPlaces))]
    public async Task A_place_wins_over_all_below_it(string first)
    {
        foreach (var place in Places.SkipWhile(p => p != first))
        {
            SetUp(place, place);
        }

        var found = await FindAsync(first);
        Assert.Equal(first, found?.Logins.Current.Username);
        Assert.Contains(_home.Decisions, d => d.Contains($"'{first}'", StringComparison.Ordinal) && d.Contains(found!.Place, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("given")]
    [InlineData("session")]
    [InlineData("runtime")]
    [InlineData("config")]
    [InlineData("docker")]
    public async Task What_is_broken_below_does_no_harm(string first)
    {
        SetUp(first, first);
        foreach (var file in new[]
        {
            "run/containers/auth.json",
            ".config/containers/auth.json",
            ".docker/config.json",
            ".dockercfg"
        }.Where(f => !File.Exists(_home[f])))
        {
            _home.Write(file, "{ broken");
        }

        // Above it, there is only an empty one: what is broken there would be told.
        foreach (var file in new[] { "run/containers/auth.json", ".config/containers/auth.json", ".docker/config.json" }.TakeWhile(f => f != FileOf(first)))
        {
            _home.Write(file, "{}");
        }

        Assert.Equal(first, (await FindAsync(first))?.Logins.Current.Username);
    }

    [Fact]
    public async Task What_is_broken_above_is_told()
    {
        _home.Write("run/containers/auth.json", "{ broken");
        SetUp("docker", "docker");
        var failure = await Assert.ThrowsAsync<OciException>(() => FindAsync("docker"));
        Assert.Contains(_home["run/containers/auth.json"], failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_named_file_is_the_only_one(bool byVariable)
    {
        SetUp("docker", "docker");
        var named = _home.Write("named.json", "{}");
        if (byVariable)
        {
            _home.Variables["REGISTRY_AUTH_FILE"] = named;
        }

        Assert.Null(await _home.FindAsync("r.test", "x", byVariable ? null : _home.Options with { AuthFilePath = named }));
    }

    [Fact]
    public async Task A_named_file_has_to_be_there()
    {
        var failure = await Assert.ThrowsAsync<OciException>(() => _home.FindAsync("r.test", "x", _home.Options with { AuthFilePath = _home["none.json"] }));
        Assert.Contains(_home["none.json"], failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Anonymous_means_no_place_but_the_command()
    {
        SetUp("session", "session");
        SetUp("docker", "docker");
        var options = _home.Options with { Anonymous = true };
        Assert.Null(await _home.FindAsync("r.test", "x", options));
        var given = new Dictionary<string, RegistryCredential> { ["r.test"] = RegistryCredential.FromPassword("me", "x") };
        Assert.Equal("me", (await _home.FindAsync("r.test", "x", options, given))?.Logins.Current.Username);
    }

    [Fact]
    public async Task A_session_has_logins_for_namespaces()
    {
        _home.Sessions.Set("quay.test", new ConnectionSettings(), RegistryCredential.FromPassword("all", "x"));
        _home.Sessions.Set("quay.test/team", new ConnectionSettings(), RegistryCredential.FromPassword("team", "x"));
        Assert.Equal("team", (await _home.FindAsync("quay.test", "team/app"))?.Logins.Current.Username);
        Assert.Equal("all", (await _home.FindAsync("quay.test", "teams"))?.Logins.Current.Username);
        Assert.True(_home.Sessions.Remove("quay.test/team"));
        Assert.Equal("all", (await _home.FindAsync("quay.test", "team/app"))?.Logins.Current.Username);
    }

    [Fact]
    public async Task DOCKER_CONFIG_and_XDG_CONFIG_HOME_move_their_files()
    {
        _home.Variables["DOCKER_CONFIG"] = _home["d"];
        _home.Write("d/config.json", AuthHome.Login("r.test", "d"));
        Assert.Equal("d", (await _home.FindAsync("r.test", "x"))?.Logins.Current.Username);
        _home.Variables["XDG_CONFIG_HOME"] = _home["c"];
        _home.Write("c/containers/auth.json", AuthHome.Login("r.test", "c"));
        Assert.Equal("c", (await _home.FindAsync("r.test", "x"))?.Logins.Current.Username);
    }

    [Theory]
    [InlineData(false, false, "/h/.config/containers/auth.json", "/h/.docker/config.json", "/h/.dockercfg")]
    [InlineData(false, true, "/r/containers/auth.json", "/h/.config/containers/auth.json", "/h/.docker/config.json", "/h/.dockercfg")]
    public void Places_by_system(bool windows, bool linux, params string[] expected)
    {
        var environment = new UserEnvironment(n => n == "XDG_RUNTIME_DIR" ? "/r" : null, "/h", windows, linux);
        Assert.Equal(expected, CredentialPlaces.Find(environment, null).Select(p => p.Path.Replace('\\', '/')));
    }

    private Task<FoundCredential?> FindAsync(string first) => _home.FindAsync(
        "r.test",
        "x",
        File.Exists(_home["given.json"]) ? _home.Options with { AuthFilePath = _home["given.json"] } : null,
        first == "given" ? new Dictionary<string, RegistryCredential> { ["r.test"] = RegistryCredential.FromPassword("given", "x") } : null);

    private void SetUp(string place, string user)
    {
        switch (place)
        {
            case "given":
                break;
            case "session":
                _home.Sessions.Set("r.test", new ConnectionSettings(), RegistryCredential.FromPassword(user, "x"));
                break;
            case "variable":
                _home.Variables["REGISTRY_AUTH_FILE"] = _home.Write("variable.json", AuthHome.Login("r.test", user));
                break;
            case "dockercfg":
                _home.Write(".dockercfg", $$"""{"r.test": {"auth": "{{AuthHome.Encode(user + ":x")}}"} }""");
                break;
            default:
                _home.Write(FileOf(place), AuthHome.Login("r.test", user));
                break;
        }
    }

    private static string FileOf(string place) => place switch
    {
        "authfile" => "given.json",
        "runtime" => "run/containers/auth.json",
        "config" => ".config/containers/auth.json",
        "docker" => ".docker/config.json",
        _ => string.Empty,
    };
}
