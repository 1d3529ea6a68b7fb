using System.Security;
using OciSync.Core.Connections;
using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Logins;
using OciSync.Core.Machine;
using OciSync.Testing;
using OciSync.Testing.Images;
using OciSync.Testing.Pki;
using OciSync.Testing.Registry;
using OciSync.Testing.Servers;

namespace OciSync.Core.Tests.Engine;

/// <summary>Registries behind a proxy that alone can resolve their names.</summary>
public sealed class ProxyTests
{
    private const string Name = "registry.behind.test";

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task A_real_proxy_with_and_without_a_password(bool tls, bool locked)
    {
        Assert.SkipWhen(TinyproxyProcess.WhyMissing is not null, TinyproxyProcess.WhyMissing ?? string.Empty);
        using var pki = TestPki.Create();
        using var folder = new TempFolder();
        pki.Write(folder.Path);
        using var certificate = pki.IssueServer(Name);
        await using var source = await EmbeddedRegistry.StartAsync(new RegistryOptions { Certificate = tls ? certificate : null });
        await source.AddAsync("a", ImageFactory.Create(), "1");
        await using var destination = await EmbeddedRegistry.StartAsync();
        await using var names = NamingProxy.Start();
        await using var proxy = await (locked ? TinyproxyProcess.StartAsync(names, "gate", "0pen") : TinyproxyProcess.StartAsync(names));
        var settings = new ConnectionSettings { PlainHttp = !tls, CertificatePath = tls ? folder["ca.crt"] : null };
        var request = Run.Request([$"{Name}:{source.Port}/a:1"], destination.Address);

        // From the environment, the login in the URL.
        var url = $"http://{(locked ? "gate:0pen@" : "")}127.0.0.1:{proxy.Port}";
        var row = await Run.OneAsync(request, Environment(url), Sessions(source, settings));
        Assert.True(row.Status == "Copied", row.Error);
        Assert.Contains(names.Heads, h => h.StartsWith(tls ? $"CONNECT {Name}:{source.Port} " : "GET http://", StringComparison.Ordinal));
        Assert.DoesNotContain(
            names.Heads, h => h.Contains(destination.Port.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal));

        // Given for the registry.
        var given = settings with { Proxy = new ProxySettings { Address = proxy.Address, Username = locked ? "gate" : null, Password = Secure("0pen") } };
        row = await Run.OneAsync(request, sessions: Sessions(source, given));
        Assert.True(row.Status == "UpToDate", row.Error);

        if (locked)
        {
            foreach (var wrong in new[] { proxy.Address.ToString(), $"http://gate:wr0ng@127.0.0.1:{proxy.Port}" })
            {
                row = await Run.OneAsync(request, Environment(wrong), Sessions(source, settings));
                Assert.Equal("OciProxyUnauthorized", row.ErrorId);
                Assert.Contains("-ProxyCredential", row.Error, StringComparison.Ordinal);
                Assert.DoesNotContain("wr0ng", row.Error, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task A_proxy_that_is_not_there_is_named()
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        var failure = await FailAsync(source, "http://user:s3cret@127.0.0.1:1");
        Assert.Equal(OciErrorKind.ConnectionFailed, failure.Kind);
        Assert.Contains("The proxy 'http://127.0.0.1:1' (HTTPS_PROXY)", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_proxy_that_finds_nobody_says_so()
    {
        await using var names = NamingProxy.Start();
        var source = await EmbeddedRegistry.StartAsync();
        await source.DisposeAsync();
        var failure = await FailAsync(source, names.Address.ToString(), 1);
        Assert.Equal(OciErrorKind.ConnectionFailed, failure.Kind);
        Assert.Contains("made no connection", failure.Message, StringComparison.Ordinal);
        Assert.True(failure.Message.NamesStatus(503), failure.Message);
    }

    private static async Task<OciException> FailAsync(EmbeddedRegistry source, string proxy, int? port = null)
    {
        var options = Environment(proxy) with { MaximumRetryCount = 0 };
        using var engine = Run.Engine(options, cancellationToken: TestContext.Current.CancellationToken);
        return await Assert.ThrowsAsync<OciException>(() => engine.CheckLoginAsync($"{Name}:{port ?? source.Port}", TestContext.Current.CancellationToken));
    }

    private static EngineOptions Environment(string proxy) => Run.Quick with
    {
        Places = new MachinePlaces { Variable = name => name is "HTTPS_PROXY" or "HTTP_PROXY" ? proxy : null },
    };

    private static RegistrySessions Sessions(EmbeddedRegistry source, ConnectionSettings settings)
    {
        var sessions = new RegistrySessions();
        sessions.Set($"{Name}:{source.Port}", settings, null);
        return sessions;
    }

    private static SecureString Secure(string text)
    {
        var secure = new SecureString();
        foreach (var c in text)
        {
            secure.AppendChar(c);
        }

        return secure;
    }
}
