using System.Text;
using OciSync.Core.AuthFiles;
using OciSync.Core.Connections;
using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Logins;
using OciSync.Core.References;
using OciSync.Core.Tests.Engine;
using OciSync.Testing;
using OciSync.Testing.Images;
using OciSync.Testing.Pki;
using OciSync.Testing.Registry;
using OciSync.Testing.Registry.Auth;
using OciSync.Testing.Servers;

namespace OciSync.Core.Tests.Auth;

/// <summary>Access tokens of Azure at a fake of its registries, which all names lead to by a proxy.</summary>
public sealed class AzureTokenTests : IDisposable
{
    private const string Name = "peers.azurecr.io";

    private readonly TestPki _pki = TestPki.Create();
    private readonly TempFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _pki.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_token_is_exchanged_once_and_what_comes_of_it_logs_in()
    {
        await using var names = NamingProxy.Start();
        await using var registry = await StartAsync();
        await registry.AddAsync("a", ImageFactory.Create(), "1");
        await registry.AddAsync("b", ImageFactory.Create(new ImageSpec { Seed = 2 }), "1");
        using var engine = Run.Engine(sessions: Sessions(registry, names), cancellationToken: Token);

        Assert.NotEmpty(await engine.FindDigestAsync(ImageReference.Parse($"{Name}:{registry.Port}/a:1"), null, Token));
        Assert.NotEmpty(await engine.FindDigestAsync(ImageReference.Parse($"{Name}:{registry.Port}/b:1"), null, Token));
        Assert.Equal(["access_token", "refresh_token", "refresh_token"], registry.Tokens.Requests.Select(r => r.GrantType));
    }

    [Fact]
    public async Task A_refresh_token_that_ends_soon_is_told_and_one_that_has_ended_is_made_anew()
    {
        var warnings = new List<string>();
        await using var names = NamingProxy.Start();
        await using var registry = await StartAsync(TimeSpan.FromMinutes(3));
        await registry.AddAsync("a", ImageFactory.Create(), "1");
        using var engine = Run.Engine(
            sessions: Sessions(registry, names), events: new EngineEvents { Warning = warnings.AddLocked }, cancellationToken: Token);
        await engine.FindDigestAsync(ImageReference.Parse($"{Name}:{registry.Port}/a:1"), null, Token);
        await engine.ListTagsAsync(ImageReference.Parse($"{Name}:{registry.Port}/b"), Token).ContinueWith(_ => { }, Token);
        Assert.Single(warnings, w => w.Contains("ends at", StringComparison.Ordinal));

        await using var brief = await StartAsync(TimeSpan.FromSeconds(-5));
        await brief.AddAsync("a", ImageFactory.Create(), "1");
        using var other = Run.Engine(sessions: Sessions(brief, names), cancellationToken: Token);
        await other.FindDigestAsync(ImageReference.Parse($"{Name}:{brief.Port}/a:1"), null, Token);
        await other.ListTagsAsync(ImageReference.Parse($"{Name}:{brief.Port}/b"), Token).ContinueWith(_ => { }, Token);
        Assert.Equal(2, brief.Tokens.Requests.Count(r => r.GrantType == "access_token"));
    }

    [Fact]
    public async Task A_token_that_azure_refuses_is_a_failed_login_without_the_token_in_it()
    {
        await using var names = NamingProxy.Start();
        await using var registry = await StartAsync();
        using var engine = Run.Engine(sessions: Sessions(registry, names, "wr0ng-t0ken"), cancellationToken: Token);

        var failure = await Assert.ThrowsAsync<OciException>(() => engine.FindDigestAsync(ImageReference.Parse($"{Name}:{registry.Port}/a:1"), null, Token));
        Assert.Equal("OciUnauthorized", failure.ErrorId);
        Assert.Contains("Azure access token", failure.Message);
        Assert.DoesNotContain("wr0ng-t0ken", failure.ToString());
    }

    [Theory]
    [InlineData("evil.example.com")]
    [InlineData("azurecr.io.example.com")]
    public async Task It_goes_to_registries_of_azure_alone(string name)
    {
        await using var names = NamingProxy.Start();
        await using var registry = await StartAsync(name: name);
        using var engine = Run.Engine(sessions: Sessions(registry, names, name: name), cancellationToken: Token);

        var failure = await Assert.ThrowsAsync<OciException>(() => engine.FindDigestAsync(ImageReference.Parse($"{name}:{registry.Port}/a:1"), null, Token));
        Assert.Contains("goes to Azure's registries alone", failure.Message);
        Assert.Empty(registry.Tokens.Requests);
    }

    [Fact]
    public async Task A_registry_that_names_a_token_server_elsewhere_does_not_get_it()
    {
        await using var names = NamingProxy.Start();
        await using var thief = await EmbeddedRegistry.StartAsync();
        await using var registry = await StartAsync(realm: "https://tokens.example.com/token");
        using var engine = Run.Engine(sessions: Sessions(registry, names), cancellationToken: Token);

        await Assert.ThrowsAsync<OciException>(() => engine.FindDigestAsync(ImageReference.Parse($"{Name}:{registry.Port}/a:1"), null, Token));
        Assert.DoesNotContain(names.Heads, h => h.Contains("tokens.example.com", StringComparison.Ordinal) && h.Contains("exchange", StringComparison.Ordinal));
        Assert.Empty(registry.Tokens.Requests);
    }

    [Theory]
    [InlineData(1_900_000_000L)]
    [InlineData(null)]
    public void The_end_of_a_token_is_read_where_it_says_it(long? end)
    {
        var claims = Convert.ToBase64String(Encoding.UTF8.GetBytes(end is null ? "{}" : $"{{\"exp\":{end}}}")).TrimEnd('=').Replace('+', '-').Replace('/', '_');
        Assert.Equal(end, RegistryCredential.FromRegistryToken($"e30.{claims}.x").FindEnd()?.ToUnixTimeSeconds());
        Assert.Null(RegistryCredential.FromRegistryToken("opaque").FindEnd());
        Assert.Null(RegistryCredential.FromRegistryToken("a.b%c.d").FindEnd());
    }

    [Fact]
    public async Task A_registry_token_that_has_ended_is_not_sent()
    {
        await using var registry = await EmbeddedRegistry.StartAsync(RegistryOptions.WithToken(false, new RegistryUser("alice", "s3cret")));
        var sessions = new RegistrySessions();
        var claims = Convert.ToBase64String("{\"exp\":1000000000}"u8.ToArray()).TrimEnd('=');
        sessions.Set(registry.Address, new ConnectionSettings(), RegistryCredential.FromRegistryToken($"e30.{claims}.x"));
        using var engine = Run.Engine(sessions: sessions, cancellationToken: Token);

        var failure = await Assert.ThrowsAsync<OciException>(() => engine.FindDigestAsync(ImageReference.Parse($"{registry.Address}/a:1"), null, Token));
        Assert.Contains("has ended at", failure.Message);
    }

    private Task<EmbeddedRegistry> StartAsync(TimeSpan? life = null, string name = Name, string? realm = null)
    {
        _pki.Write(_folder.Path);
        return EmbeddedRegistry.StartAsync(new RegistryOptions
        {
            Certificate = _pki.IssueServer(name),
            Auth = new AuthOptions
            {
                Mode = AuthMode.Token,
                Users = [new RegistryUser("azure", "none")],
                AzureToken = "a-t0ken",
                AzureLifetime = life ?? TimeSpan.FromHours(3),
                Service = name,
                Realm = realm,
            },
        });
    }

    private RegistrySessions Sessions(EmbeddedRegistry registry, NamingProxy names, string token = "a-t0ken", string name = Name)
    {
        var sessions = new RegistrySessions();
        var settings = new ConnectionSettings { CertificatePath = _folder["ca.crt"], Proxy = new ProxySettings { Address = names.Address } };
        sessions.Set($"{name}:{registry.Port}", settings, RegistryCredential.FromAzureToken(token));
        return sessions;
    }
}
