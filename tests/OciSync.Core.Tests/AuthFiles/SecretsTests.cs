using System.Net.Http.Headers;
using OciSync.Core.AuthFiles;
using OciSync.Core.Connections;
using OciSync.Core.Errors;
using OciSync.Core.Logins;
using OciSync.Core.Tests.Auth;
using OciSync.Core.Tests.Engine;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using OciSync.Testing.Registry.Auth;
using OciSync.Testing.Registry.Faults;

namespace OciSync.Core.Tests.AuthFiles;

/// <summary>Servers that repeat what they were sent, and objects that hold secrets: none gets into a text.</summary>
public sealed class SecretsTests
{
    [Theory]
    [InlineData("the login alice:s3cret was wrong", "the login *** was wrong")]
    [InlineData("Authorization: Basic YWxpY2U6czNjcmV0", "Authorization: Basic ***")]
    [InlineData("password=s3cret&x", "password=***&x")]
    [InlineData("alice is unknown", "alice is unknown")]
    [InlineData("Bearer t0ken.text-1 is stale", "Bearer *** is stale")]
    public void Words(string said, string shown) =>
        Assert.Equal(shown, Secrets.Hide(said, new AuthenticationHeaderValue("Bearer", "t0ken.text-1"), RegistryCredential.FromPassword("alice", "s3cret")));

    [Theory]
    [InlineData("b&c d=secret", "got b%26c%20d%3Dsecret", "got ***")]
    [InlineData("t0ken-text", "t0ken-text is stale", "*** is stale")]
    [InlineData("abc", "abcdef", "abcdef")]
    public void A_secret_of_a_form(string secret, string said, string shown) =>
        Assert.Equal(shown, Secrets.Hide(said, null, RegistryCredential.FromRegistryToken(secret)));

    [Theory]
    [InlineData("{\"errors\":[{\"code\":\"DENIED\",\"message\":\"{0} may not\"}]}")]
    [InlineData("{\"errors\":[{\"code\":\"{0}\"}]}")]
    [InlineData("{1}{0}")]
    public async Task A_registry_that_repeats_what_it_was_sent(string body)
    {
        foreach (var secret in new[] { "s3cret-Passw0rd", AuthHome.Encode("alice:s3cret-Passw0rd") })
        {
            await using var registry = await EmbeddedRegistry.StartAsync(RegistryOptions.WithBasic(new RegistryUser("alice", "s3cret-Passw0rd")));
            var text = body.Replace("{0}", secret, StringComparison.Ordinal).Replace("{1}", new string('x', 290), StringComparison.Ordinal);
            registry.Faults.Add("GET", "/tags/", FaultAction.Respond(403) with { Body = text });
            using var engine = Run.Engine(sessions: Run.Login(registry, password: "s3cret-Passw0rd"), cancellationToken: TestContext.Current.CancellationToken);
            var failure = await Assert.ThrowsAsync<OciException>(() => engine.ListTagsAsync(
                OciSync.Core.References.ImageReference.Parse(registry.Address + "/a"), TestContext.Current.CancellationToken));
            Assert.Equal(OciErrorKind.Forbidden, failure.Kind);
            Assert.DoesNotContain(secret[..8], failure + string.Join(' ', failure.Codes), StringComparison.Ordinal);
            Assert.Contains("***", failure.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_token_server_that_repeats_what_it_was_sent()
    {
        await using var registry = await EmbeddedRegistry.StartAsync(RegistryOptions.WithToken(false, new RegistryUser("alice", "s3cret-Passw0rd")));
        registry.Faults.Add("GET", "/token", FaultAction.Respond(405));
        registry.Faults.Add("POST", "/token", FaultAction.Respond(429, "TOOMANY", "grant_type=password password=s3cret-Passw0rd"), times: 10);
        using var engine = Run.Engine(
            Run.Quick with { MaximumRetryCount = 0 },
            Run.Login(registry, password: "s3cret-Passw0rd"),
            cancellationToken: TestContext.Current.CancellationToken);
        var failure = await Assert.ThrowsAsync<OciException>(() => engine.CheckLoginAsync(registry.Address, TestContext.Current.CancellationToken));
        Assert.Equal(OciErrorKind.RateLimited, failure.Kind);
        Assert.DoesNotContain("s3cret", failure.ToString(), StringComparison.Ordinal);
        Assert.Contains("password=***", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_show_no_secret()
    {
        using var password = new System.Net.NetworkCredential("", "s3cret").SecurePassword;
        var settings = new ConnectionSettings
        {
            ClientCertificatePassword = password,
            Proxy = new ProxySettings { Address = new Uri("http://gate:s3cret@proxy.test:3128/?s3cret"), Username = "gate", Password = password },
        };
        Assert.DoesNotContain("s3cret", settings.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", new RegistrySession(settings).ToString(), StringComparison.Ordinal);
        Assert.Contains("http://proxy.test:3128", settings.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_source_that_fails_is_not_called_its_destination()
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", ImageFactory.Create(), "1");
        source.Faults.Add("GET", "/blobs/", FaultAction.Redirect("http://127.0.0.1:1{path}"), times: 100);
        var row = await Run.OneAsync(Run.Request([$"{source.Address}/a:1"], destination.Address), Run.Quick with { MaximumRetryCount = 0 });
        Assert.Equal("OciConnectionFailed", row.ErrorId);
        Assert.DoesNotContain(destination.Address, row.Error, StringComparison.Ordinal);
    }
}
