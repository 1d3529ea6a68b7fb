using System.Text.Json.Nodes;
using OciSync.Core.AuthFiles;
using OciSync.Core.Errors;
using OciSync.Core.Logins;
using OciSync.Core.Tests.Auth;

namespace OciSync.Core.Tests.Logins;

/// <summary>Logins that are stored, and what becomes of the files they are stored in.</summary>
public sealed class LoginStoreTests : IDisposable
{
    private readonly AuthHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task A_login_is_stored_in_a_new_file_for_its_owner_alone()
    {
        Assert.Contains(_home[".docker/config.json"], await SaveAsync("r.test/team", "me", "p:ä"), StringComparison.Ordinal);
        var found = await _home.FindAsync("r.test", "team/app");
        Assert.Equal(("me", "p:ä"), (found!.Logins.Current.Username, found.Logins.Current.Secret));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_home[".docker/config.json"]));
        }

        Assert.Equal(["config.json"], Directory.GetFileSystemEntries(_home[".docker"]).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Everything_else_in_the_file_stays_in_its_order()
    {
        const string Before = """
            {"detachKeys": "ctrl-e,e", "HttpHeaders": {"X": "<é>"}, "auths": {"b.test": {"auth": "Yjpi", "email": "b@b"}, "a.test": {"auth": "YTph", "own": [1.50, null]}},
             "big": 12345678901234567890.123, "currentContext": "x"}
            """;
        _home.WriteDocker(Before);
        await SaveAsync("a.test", "new", "secret");
        await SaveAsync("c.test", "c", "c");
        var expected = Before.Replace(
            """{"auth": "YTph", "own": [1.50, null]}""",
            $$"""{"own": [1.50, null], "auth": "{{AuthHome.Encode("new:secret")}}"}, "c.test": {"auth": "Yzpj"}""",
            StringComparison.Ordinal);
        Assert.Equal(JsonNode.Parse(expected)!.ToJsonString(), JsonNode.Parse(File.ReadAllText(_home[".docker/config.json"]))!.ToJsonString());

        Assert.NotNull(await Store().RemoveAsync("a.test", TestContext.Current.CancellationToken));
        Assert.NotNull(await Store().RemoveAsync("c.test", TestContext.Current.CancellationToken));
        Assert.Null(await Store().RemoveAsync("c.test", TestContext.Current.CancellationToken));
        expected = Before.Replace(""", "a.test": {"auth": "YTph", "own": [1.50, null]}""", string.Empty, StringComparison.Ordinal);
        Assert.Equal(JsonNode.Parse(expected)!.ToJsonString(), JsonNode.Parse(File.ReadAllText(_home[".docker/config.json"]))!.ToJsonString());
    }

    [Theory]
    [InlineData(".docker/config.json", "{}", "https://index.docker.io/v1/")]
    [InlineData("auth.json", "{}", "docker.io")]
    [InlineData("auth.json", """{"auths": {"index.docker.io": {}, "docker.io": {"auth": "YTph"} } }""", "index.docker.io")]
    public async Task Docker_Hub_is_stored_under_the_name_its_file_has_for_it(string name, string content, string key)
    {
        _home.Write(name, content);
        var options = _home.Options with { AuthFilePath = _home[name] };
        await new LoginStore(options, _home.Events).SaveAsync("docker.io", RegistryCredential.FromPassword("me", "x"), TestContext.Current.CancellationToken);
        Assert.Equal([key], JsonNode.Parse(File.ReadAllText(_home[name]))!["auths"]!.AsObject().Select(a => a.Key));
        Assert.Equal("me", (await _home.FindAsync("docker.io", "x", options))?.Logins.Current.Username);
    }

    [Fact]
    public async Task An_identity_token_is_stored_as_docker_stores_it()
    {
        await Store().SaveAsync("r.test", RegistryCredential.FromIdentityToken("abc", "me"), TestContext.Current.CancellationToken);
        Assert.True((await _home.FindAsync("r.test", "x"))!.Logins.Current.IsIdentityToken);
        await Assert.ThrowsAsync<OciException>(
            () => Store().SaveAsync("r.test", RegistryCredential.FromRegistryToken("abc"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_link_is_followed_and_stays()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need rights of their own there.");
        _home.Write("real/config.json", "{}");
        Directory.CreateDirectory(_home[".docker"]);
        File.CreateSymbolicLink(_home[".docker/config.json"], _home["real/config.json"]);
        if (ThisBuild.Framework.StartsWith(".NETStandard", StringComparison.Ordinal))
        {
            Assert.Contains("link", (await Assert.ThrowsAsync<OciException>(() => SaveAsync("r.test", "me", "x"))).Message, StringComparison.Ordinal);
            Assert.Equal("{}", File.ReadAllText(_home["real/config.json"]));
            return;
        }

        await SaveAsync("r.test", "me", "x");
        Assert.NotNull(new FileInfo(_home[".docker/config.json"]).LinkTarget);
        Assert.Contains("r.test", File.ReadAllText(_home["real/config.json"]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{ broken")]
    [InlineData("""{"auths": []}""")]
    [InlineData("""{"auths": {"a.test": {}, "a.test": {} } }""")]
    public async Task A_broken_file_is_left_as_it_is(string content)
    {
        _home.WriteDocker(content);
        var failure = await Assert.ThrowsAsync<OciException>(() => SaveAsync("r.test", "me", "hunter2"));
        Assert.Contains(_home[".docker/config.json"], failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", failure.ToString(), StringComparison.Ordinal);
        Assert.Equal(content, File.ReadAllText(_home[".docker/config.json"]));
    }

    [Fact]
    public async Task Several_writers_lose_nothing()
    {
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => SaveAsync($"r{i}.test", "u" + i, "x"))));
        var auths = JsonNode.Parse(File.ReadAllText(_home[".docker/config.json"]))!["auths"]!.AsObject();
        Assert.Equal(20, auths.Count);
        Assert.Equal(["config.json"], Directory.GetFileSystemEntries(_home[".docker"]).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_helper_gets_the_login_on_its_input_and_the_file_forgets_its_copy()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The helper of this test is a shell script.");
        _home.WriteHelper("keep", """
            here="$(dirname "$0")"; echo "$*" >>"$here/log"
            case "$1" in
              store) cat >"$here/stored";;
              get) cat >/dev/null; if [ -f "$here/stored" ]; then cat "$here/stored"; else echo 'credentials not found in native keychain'; exit 1; fi;;
              erase) cat >/dev/null; rm "$here/stored";;
              list) echo '{}';;
            esac
            """);
        _home.WriteDocker("""{"auths": {"r.test": {"auth": "b2xkOm9sZA=="} }, "credsStore": "keep"}""");
        Assert.Contains("docker-credential-keep", await SaveAsync("r.test", "me", "hunter2 \"'ä"), StringComparison.Ordinal);
        Assert.Equal("hunter2 \"'ä", (await _home.FindAsync("r.test", "x"))?.Logins.Current.Secret);
        Assert.DoesNotContain("r.test", File.ReadAllText(_home[".docker/config.json"]), StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", File.ReadAllText(_home["bin/log"]), StringComparison.Ordinal);
        Assert.Contains("docker-credential-keep", await Store().RemoveAsync("r.test", TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Null(await _home.FindAsync("r.test", "x"));
    }

    [Fact]
    public async Task A_helper_that_refuses_does_not_show_what_it_was_given()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The helper of this test is a shell script.");
        _home.WriteHelper("bad", "echo \"can not store $(cat)\"; exit 1");
        _home.WriteDocker("""{"credsStore": "bad"}""");
        var failure = await Assert.ThrowsAsync<OciException>(() => SaveAsync("r.test", "me", "hunter2"));
        Assert.Contains("can not store", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_list_has_the_first_of_each_and_tells_what_is_broken()
    {
        _home.Write("run/containers/auth.json", AuthHome.Login("r.test", "first"));
        _home.Write(".config/containers/auth.json", "{ broken");
        _home.WriteDocker(
            $$$"""{"auths": {"r.test": {"auth": "{{{AuthHome.Encode("second:x")}}}"}, "q.test/team": {"username": "q"}, "bad.test": {"auth": 1}, "empty.test": {} } }""");
        var failures = new List<OciException>();
        var known = await Store().ListAsync(failures.Add, TestContext.Current.CancellationToken);
        Assert.Equal(["r.test first", "q.test/team q"], known.Select(k => $"{k.Registry} {k.Username}"));
        Assert.Equal(2, failures.Count);
    }

    private LoginStore Store() => new(_home.Options, _home.Events);

    private Task<string> SaveAsync(string key, string user, string password) =>
        Store().SaveAsync(key, RegistryCredential.FromPassword(user, password), TestContext.Current.CancellationToken);
}
