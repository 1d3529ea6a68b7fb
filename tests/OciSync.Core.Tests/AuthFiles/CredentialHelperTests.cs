using OciSync.Core.Auth;
using OciSync.Core.AuthFiles;
using OciSync.Core.Errors;
using OciSync.Core.Logins;
using OciSync.Core.Tests.Auth;

namespace OciSync.Core.Tests.AuthFiles;

/// <summary>Helpers as shell scripts, well-behaved and not.</summary>
public sealed class CredentialHelperTests : IDisposable
{
    private readonly AuthHome _home = new();

    public CredentialHelperTests() => Assert.SkipWhen(OperatingSystem.IsWindows(), "The helpers of these tests are shell scripts.");

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task The_helper_of_a_registry_is_asked_for_it()
    {
        _home.WriteHelper("one", """read -r server; echo "{\"ServerURL\":\"$server\",\"Username\":\"$1 $server\",\"Secret\":\"s\"}" """);
        _home.WriteDocker("""{"credHelpers": {"r.test": "one", "docker.io": "one", "q.test/team": "one"}, "credsStore": "none"}""");
        Assert.Equal("get r.test", (await _home.FindAsync("r.test", "a/b"))?.Logins.Current.Username);
        Assert.Equal("get https://index.docker.io/v1/", (await _home.FindAsync("docker.io", "library/a"))?.Logins.Current.Username);
        var found = await _home.FindAsync("q.test", "team/app");
        Assert.Equal("get q.test/team", found?.Logins.Current.Username);
        Assert.Contains("docker-credential-one", found!.Place, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_identity_token_has_its_own_user()
    {
        _home.WriteHelper("one", """echo '{"ServerURL":"r.test","Username":"<token>","Secret":"abc"}'""");
        _home.WriteDocker("""{"credHelpers": {"r.test": "one"}}""");
        Assert.Equal(CredentialKind.IdentityToken, (await _home.FindAsync("r.test", "x"))?.Logins.Current.Kind);
    }

    [Fact]
    public async Task The_store_is_asked_by_its_list_and_then_for_the_registry()
    {
        _home.WriteHelper("store", """
            echo "$1" >>"$(dirname "$0")/log"
            if [ "$1" = list ]; then echo '{"https://q.test/team":"t"}'; exit 0; fi
            read -r server
            case "$server" in
              https://q.test/team) echo '{"Username":"team","Secret":"s"}';;
              *) echo 'credentials not found in native keychain'; exit 1;;
            esac
            """);
        _home.WriteDocker($$$"""{"credsStore": "store", "auths": {"q.test": {"auth": "{{{AuthHome.Encode("file:x")}}}"} } }""");
        Assert.Equal("team", (await _home.FindAsync("q.test", "team/app"))?.Logins.Current.Username);
        Assert.Equal("file", (await _home.FindAsync("q.test", "x"))?.Logins.Current.Username);
        Assert.Null(await _home.FindAsync("r.test", "x"));
    }

    [Fact]
    public async Task A_store_without_a_list_is_asked_for_the_registry()
    {
        _home.WriteHelper("store", """if [ "$1" = list ]; then exit 1; fi; echo '{"Username":"u","Secret":"s"}'""");
        _home.WriteDocker("""{"credsStore": "store"}""");
        Assert.Equal("u", (await _home.FindAsync("r.test", "x"))?.Logins.Current.Username);
    }

    [Fact]
    public async Task A_helper_is_asked_once_for_a_registry()
    {
        _home.WriteHelper("one", """echo "$1" >>"$(dirname "$0")/log"; echo '{"Username":"u","Secret":"s"}'""");
        _home.WriteDocker("""{"credHelpers": {"r.test": "one"}}""");
        var finder = CredentialSources.CreateFinder(
            _home.Options,
            _home.Events,
            _home.Sessions,
            new Dictionary<string, RegistryCredential>(),
            new Dictionary<string, LoginRing>(),
            TestContext.Current.CancellationToken);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => finder.FindAsync(new("r.test", "app" + i, false), TestContext.Current.CancellationToken)));
        Assert.Single(File.ReadAllLines(_home["bin/log"]));
    }

    [Theory]
    [InlineData("echo 'pass store is locked'; exit 1", "pass store is locked")]
    [InlineData("exit 3", "exit code 3")]
    [InlineData("echo 'hunter2 is the password'", "no credential")]
    [InlineData("echo '{\"Username\": 7, \"Secret\": \"hunter2\"}'", "no credential")]
    [InlineData("echo '[\"hunter2\"]'", "no credential")]
    [InlineData("head -c 3000000 /dev/zero | tr '\\0' x", "more than 1024 KiB")]
    [InlineData("echo 'A specified logon session does not exist. It may already have been terminated.'; exit 1", "-AuthFilePath")]
    public async Task A_helper_that_misbehaves_is_named(string script, string told)
    {
        _home.WriteHelper("bad", script);
        _home.WriteDocker("""{"credHelpers": {"r.test": "bad"}}""");
        var failure = await Assert.ThrowsAsync<OciException>(() => _home.FindAsync("r.test", "x"));
        Assert.Equal(OciErrorKind.ConfigurationInvalid, failure.Kind);
        foreach (var text in new[] { told, "docker-credential-bad", "credHelpers['r.test']", _home[".docker/config.json"] })
        {
            Assert.Contains(text, failure.Message, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("hunter2", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_helper_that_hangs_is_ended_with_what_it_started()
    {
        _home.WriteHelper("bad", """echo $$ >"$(dirname "$0")/pid"; sleep 600 & echo $! >>"$(dirname "$0")/pid"; wait""");
        _home.WriteDocker("""{"credHelpers": {"r.test": "bad"}}""");
        var failure = await Assert.ThrowsAsync<OciException>(
            () => _home.FindAsync("r.test", "x", _home.Options with { HelperTimeout = TimeSpan.FromSeconds(4) }));
        Assert.Contains("gave no answer within 4 s", failure.Message, StringComparison.Ordinal);
        var processes = File.ReadAllLines(_home["bin/pid"]);
        Assert.Equal(2, processes.Length);
        if (ThisBuild.Framework.StartsWith(".NETStandard", StringComparison.Ordinal))
        {
            // There, only Windows has the whole tree ended; let nothing of ours live on.
            System.Diagnostics.Process.GetProcessById(int.Parse(processes[1], System.Globalization.CultureInfo.InvariantCulture)).Kill();
        }

        for (var i = 0; i < 200 && processes.Any(IsAlive); i++)
        {
            await Task.Delay(25, TestContext.Current.CancellationToken);
        }

        Assert.DoesNotContain(processes, IsAlive);
    }

    [Fact]
    public async Task A_helper_ends_with_the_run()
    {
        _home.WriteHelper("bad", "sleep 600");
        _home.WriteDocker("""{"credHelpers": {"r.test": "bad"}}""");
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        var finder = CredentialSources.CreateFinder(
            _home.Options, _home.Events, _home.Sessions, new Dictionary<string, RegistryCredential>(), new Dictionary<string, LoginRing>(), stop.Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => finder.FindAsync(new("r.test", "x", false), TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("nosuch", "not installed")]
    [InlineData("../x", "not the name of a helper")]
    [InlineData("a b", "not the name of a helper")]
    public async Task A_helper_that_is_not_there(string name, string told)
    {
        _home.WriteDocker($$$"""{"credHelpers": {"r.test": "{{{name}}}"}}""");
        Assert.Contains(told, (await Assert.ThrowsAsync<OciException>(() => _home.FindAsync("r.test", "x"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_store_is_told_and_passed_over()
    {
        _home.WriteDocker($$$"""{"credsStore": "desktop.exe", "auths": {"r.test": {"auth": "{{{AuthHome.Encode("file:x")}}}"} } }""");
        Assert.Equal("file", (await _home.FindAsync("r.test", "x"))?.Logins.Current.Username);
        Assert.Contains("docker-credential-desktop.exe", Assert.Single(_home.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_in_the_current_folder_is_no_helper()
    {
        _home.WriteHelper("one", """echo '{"Username":"u","Secret":"s"}'""");
        _home.Variables["PATH"] = "." + Path.PathSeparator + "bin" + Path.PathSeparator;
        _home.WriteDocker("""{"credHelpers": {"r.test": "one"}}""");
        await Assert.ThrowsAsync<OciException>(() => _home.FindAsync("r.test", "x"));
    }

    private static bool IsAlive(string pid)
    {
        // A process that has ended and not been collected yet is a zombie.
        var stat = $"/proc/{pid}/stat";
        try
        {
            return File.Exists(stat) && !File.ReadAllText(stat).Contains(") Z", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }
}
