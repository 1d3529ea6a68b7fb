using System.Diagnostics;
using System.Management.Automation;
using OciSync.Testing;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using OciSync.Testing.Registry.Auth;

namespace OciSync.Module.Tests.Serving;

/// <summary>A server that fetches what a sync file chooses, with a login that its clients don't have.</summary>
public sealed class FillServerTests : IAsyncLifetime
{
    private const string Secret = "s3cret-of-upstream";

    private readonly TestImage _image = ImageFactory.Create();
    private readonly TempFolder _folder = new();
    private readonly Session _session = Session.WithModule();
    private EmbeddedRegistry _registry = null!;

    private CancellationToken Token => TestContext.Current.CancellationToken;

    private string Name => _registry.Address.Replace(':', '-') + "/lib/x";

    public async ValueTask InitializeAsync()
    {
        _registry = await EmbeddedRegistry.StartAsync(RegistryOptions.WithToken(anonymousPull: false, new RegistryUser("alice", Secret)));
        await _registry.AddAsync("lib/x", _image, "1");
        await _registry.AddAsync("lib/x", ImageFactory.Create(new ImageSpec { Seed = 5 }), "2");
        _session.Run(
            "Connect-OciRegistry $args[0] -PlainHttp -Credential ([pscredential]::new('alice', [Net.NetworkCredential]::new('', $args[1]).SecurePassword))",
            _registry.Address, Secret);
    }

    public async ValueTask DisposeAsync()
    {
        _session.Run("Stop-OciRegistryServer -TimeoutSec 2; Disconnect-OciRegistry $args[0] -ErrorAction SilentlyContinue", _registry.Address);
        _session.Dispose();
        await _registry.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task The_login_is_used_for_what_the_file_chooses_and_for_nothing_else()
    {
        var port = Start($"-ConfigPath '{Choose("lib/x: ['1']")}'");
        var seen = await RawClient.GetAsync(port, $"/v2/{Name}/manifests/1", Token);
        Assert.Contains("200 OK", seen, StringComparison.Ordinal);
        seen += await RawClient.GetAsync(port, $"/v2/{Name}/manifests/2", Token);
        seen += await RawClient.GetAsync(port, $"/v2/{_registry.Address.Replace(':', '-')}/lib/y/manifests/2", Token);
        seen += await RawClient.GetAsync(port, $"/v2/lib/y/manifests/2?ns={_registry.Address}", Token);
        Assert.DoesNotContain("200 OK", seen[(seen.IndexOf("200 OK", StringComparison.Ordinal) + 6)..], StringComparison.Ordinal);
        Assert.Equal(0, _registry.Requests.Count(r =>
            r.Path.Contains("lib/y", StringComparison.Ordinal) || r.Path.EndsWith("manifests/2", StringComparison.Ordinal)));

        var log = Log();
        Assert.Contains("no entry of its sync file chooses it", log, StringComparison.Ordinal);
        AssertNoSecret(log + seen);
    }

    [Fact]
    public async Task Without_a_file_the_login_is_nobody_s_and_one_that_is_refused_is_not_shown()
    {
        // Connecting has tried the login.
        var before = _registry.Requests.Count(r => r.User is not null);
        var port = Start($"-Upstream {_registry.Address}");
        var seen = await RawClient.GetAsync(port, $"/v2/{Name}/manifests/1", Token);
        Assert.DoesNotContain("200 OK", seen, StringComparison.Ordinal);
        Assert.Equal(before, _registry.Requests.Count(r => r.User is not null));

        // One that repeats the password when it refuses it.
        var echo = Testing.Registry.Faults.FaultAction.Respond(403, "DENIED", $"alice:{Secret} may not");
        _registry.Faults.Add("GET", "/token", echo, times: 1000);
        _registry.Faults.Add("GET", "/lib/x/", echo, times: 1000);
        _registry.Faults.Add("HEAD", "/lib/x/", echo, times: 1000);
        port = Start($"-ConfigPath '{Choose("lib/x: ['1']")}'");
        seen += await RawClient.GetAsync(port, $"/v2/{Name}/manifests/1", Token);
        Assert.DoesNotContain("200 OK", seen, StringComparison.Ordinal);
        AssertNoSecret(Log() + seen);
    }

    [Fact]
    public async Task No_more_is_asked_upstream_than_the_rate_also_while_it_fails()
    {
        var port = Start($"-ConfigPath '{Choose("lib/x: { allTags: true }")}' -MaximumRequestRate 5/s -MaximumRetryCount 0 -TagLifetime 0:0:0");
        var login = Asked();
        var clock = Stopwatch.StartNew();
        await RawClient.GetAsync(port, $"/v2/{Name}/manifests/1", Token);
        _registry.Faults.Add("HEAD", "/manifests/", Testing.Registry.Faults.FaultAction.Respond(500), times: 1000);
        var before = _registry.Requests.Count();
        for (var i = 0; i < 4; i++)
        {
            await Task.WhenAll(RawClient.GetAsync(port, $"/v2/{Name}/manifests/1", Token), RawClient.GetAsync(port, $"/v2/{Name}/manifests/2", Token));
        }

        Assert.True(_registry.Requests.Count() - before >= 8, "Upstream was not asked each time.");

        // A tenth of a second is saved up; requests for tokens are not the registry's.
        var asked = Asked() - login;
        Assert.True(clock.Elapsed.TotalSeconds >= (asked - 2) / 5.0, $"{asked} requests in {clock.Elapsed.TotalSeconds} s.");
    }

    [Fact]
    public void What_can_t_be_chosen_by_is_told_before_anything_listens()
    {
        Assert.Equal(["OciConfigurationInvalid"], Failure($"-ConfigPath '{Choose("lib/x: { latets: 1 }")}'"));
        Assert.Equal(["OciFileNotFound"], Failure($"-ConfigPath '{_folder["none.yaml"]}'"));
        Assert.Equal(["OciChoiceInvalid"], Failure($"-ConfigPath '{Choose("lib/x: { latest: 1, minimumAge: 3d }")}'"));
        Assert.Equal(["OciChoiceInvalid"], Failure($"-Upstream {_registry.Address} -PolicyPath '{_folder["none.json"]}'"));
        Assert.Equal(["OciChoiceInvalid"], Failure($"-Upstream {_registry.Address} -MaximumRequestRate often"));
        Assert.Equal(["OciFileNotFound"], Failure($"-ConfigPath '{Choose("lib/x: ['1']")}' -PolicyPath '{_folder["none.json"]}'"));
        Assert.Empty(_session.Run("Get-OciRegistryServer"));
    }

    private int Asked() => _registry.Requests.Count(r => r.Path.StartsWith("/v2/", StringComparison.Ordinal));

    private string Choose(string images)
    {
        var file = _folder[Guid.NewGuid().ToString("N") + ".yaml"];
        File.WriteAllText(file, $"ocisync: 1\nimages:\n  {_registry.Address}/{images}\n");
        return file;
    }

    private int Start(string options) =>
        (int)PSObject.AsPSObject(Assert.Single(_session.Run($"Start-OciRegistryServer $args[0] -Port 0 {options}", _folder["m"]))!).Properties["Port"].Value;

    private IEnumerable<object?> Failure(string options) => _session.Run(
        $"try {{ Start-OciRegistryServer $args[0] -Port 0 {options} -ErrorAction Stop }} catch {{ ($_.FullyQualifiedErrorId -split ',')[0] }}", _folder["m"]);

    private string Log() => string.Concat(_session.Run(
        "Get-OciRegistryServer | ForEach-Object { \"$_\"; $_.Messages; $_.Log | ForEach-Object { \"$_\"; $_.psobject.Properties.Value } }"));

    private static void AssertNoSecret(string text)
    {
        Assert.DoesNotContain(Secret, text, StringComparison.Ordinal);
        Assert.DoesNotContain(Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes("alice:" + Secret)), text, StringComparison.Ordinal);
        Assert.DoesNotContain("Bearer ", text, StringComparison.Ordinal);
    }
}
