using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using OciSync.Core.Auth;
using OciSync.Core.Connections;
using OciSync.Core.Errors;
using OciSync.Core.Http;
using OciSync.Core.Tests.Engine;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using OciSync.Testing.Registry.Auth;

namespace OciSync.Core.Tests.Auth;

/// <summary>Where a registry may send us for a token.</summary>
public sealed class RealmRulesTests
{
    [Theory]
    [InlineData("public.test", "https://auth.public.test/token", true)]
    [InlineData("public.test", "https://public.test/token", true)]
    [InlineData("public.test", "http://auth.public.test/token", false)]
    [InlineData("public.test", "https://127.0.0.1/token", false)]
    [InlineData("public.test", "https://localhost/token", false)]
    [InlineData("public.test", "https://inside.test/token", false)]
    [InlineData("public.test", "https://10.1.2.3/token", false)]
    [InlineData("public.test", "https://[fd00::1]/token", false)]
    [InlineData("public.test", "https://[::ffff:10.1.2.3]/token", false)]
    [InlineData("public.test", "https://0.0.0.0/token", false)]
    [InlineData("public.test", "https://169.254.169.254/token", false)]
    [InlineData("public.test", "https://mixed.test/token", false)]
    [InlineData("public.test", "https://unknown.test/token", true)]
    [InlineData("public.test", "ftp://auth.public.test/token", false)]
    [InlineData("public.test", "/token", false)]
    [InlineData("inside.test", "https://inside2.test/token", true)]
    [InlineData("inside.test", "https://auth.public.test/token", true)]
    [InlineData("inside.test", "https://169.254.169.254/token", false)]
    [InlineData("inside.test", "https://localhost/token", false)]
    [InlineData("10.0.0.5:5000", "https://10.0.0.6/token", true)]
    [InlineData("localhost:5000", "http://localhost:5001/token", true)]
    [InlineData("localhost:5000", "http://auth.public.test/token", false)]
    [InlineData("docker.io", "https://auth.public.test/token", true)]
    public async Task Realms(string registry, string realm, bool allowed)
    {
        var rules = new RealmRules(registry, ResolveAsync);
        var checking = rules.CheckAsync(realm, isPlainHttp: false, TestContext.Current.CancellationToken);
        if (allowed)
        {
            Assert.Equal(realm, (await checking).OriginalString);
            return;
        }

        var failure = await Assert.ThrowsAsync<OciException>(() => checking);
        Assert.Equal(OciErrorKind.ProtocolError, failure.Kind);
        Assert.Contains($"'{registry}'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_address_that_is_connected_counts()
    {
        Assert.SkipWhen(ThisBuild.Framework.StartsWith(".NETStandard", StringComparison.Ordinal), "This build can't see the connected address.");
        await using var registry = await EmbeddedRegistry.StartAsync();
        using var transport = new HttpTransport("public.test", new ConnectionSettings(), false, Run.Quick);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(registry.BaseUri, "/token"));
        ConnectGuard.Set(request, AddressReach.Public);
        var failure = await Assert.ThrowsAsync<OciException>(() => transport.SendAsync(request, TestContext.Current.CancellationToken));
        Assert.Equal(OciErrorKind.ProtocolError, failure.Kind);
        Assert.Contains("127.0.0.1", failure.Message, StringComparison.Ordinal);
        Assert.Empty(registry.Requests);
    }

    [Fact]
    public async Task No_secret_is_looked_up_for_a_realm_that_is_refused()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The helper of this test is a shell script.");
        var name = Dns.GetHostName().ToLowerInvariant();
        var addresses = await Dns.GetHostAddressesAsync(name, AddressFamily.InterNetwork, TestContext.Current.CancellationToken);
        Assert.SkipUnless(addresses.Contains(IPAddress.Loopback), "This machine's name does not lead to 127.0.0.1.");
        await using var tokens = await EmbeddedRegistry.StartAsync();
        await using var registry = await EmbeddedRegistry.StartAsync(new RegistryOptions
        {
            Auth = new AuthOptions { Mode = AuthMode.Token, Users = [new RegistryUser("alice", "s3cret")], Realm = $"http://127.0.0.1:{tokens.Port}/token" },
        });
        using var home = new AuthHome();
        home.WriteHelper("spy", """echo asked >>"$(dirname "$0")/log"; echo '{"Username":"alice","Secret":"s3cret"}'""");
        var key = $"{name}:{registry.Port}";
        home.WriteDocker($$"""{"credHelpers": {"{{key}}": "spy"} }""");
        home.Sessions.Set(key, new ConnectionSettings { PlainHttp = true }, null);

        using var engine = Run.Engine(home.Options with { Resolve = ResolveAsync }, home.Sessions, cancellationToken: TestContext.Current.CancellationToken);
        var failure = await Assert.ThrowsAsync<OciException>(() => engine.CheckLoginAsync(key, TestContext.Current.CancellationToken));

        Assert.Contains("on this machine", failure.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(home["bin/log"]));
        Assert.Empty(tokens.Requests);
    }

    private static Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken) => host switch
    {
        "inside.test" or "inside2.test" => Answer("10.0.0.1"),
        "mixed.test" => Answer("93.184.216.34", "192.168.1.1"),
        "unknown.test" => throw new SocketException((int)SocketError.HostNotFound),
        _ => Answer("93.184.216.34"),
    };

    private static Task<IPAddress[]> Answer(params string[] addresses) => Task.FromResult(addresses.Select(IPAddress.Parse).ToArray());
}
