using System.Text;
using OciSync.Core.Auth;
using OciSync.Core.Connections;
using OciSync.Core.Errors;

namespace OciSync.Core.Tests.Auth;

public sealed class AuthFileCredentialsTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), "ocisync-" + Guid.NewGuid().ToString("N"));

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void The_longest_key_wins()
    {
        Write($$$"""
            {"auths": {
                "https://index.docker.io/v1/": {"auth": "{{{Encode("hub:h")}}}"},
                "r.test:5000": {"auth": "{{{Encode("host:p:q")}}}"},
                "r.test:5000/team": {"username": "team", "password": "t"},
                "token.test": {"auth": "{{{Encode("<token>:")}}}", "identitytoken": "abc"},
                "empty.test": {}
            }}
            """);
        Assert.Equal("hub", Find("docker.io", "library/alpine")!.Username);
        Assert.Equal("p:q", Find("r.test:5000", "a/b")!.Secret);
        Assert.Equal("team", Find("r.test:5000", "team/x")!.Username);
        Assert.Equal("host", Find("r.test:5000", "teams/x")!.Username);
        Assert.True(Find("token.test", "x")!.IsIdentityToken);
        Assert.Null(Find("empty.test", "x"));
        Assert.Null(Find("other.test", "x"));
    }

    [Fact]
    public void No_file_is_no_credential() => Assert.Null(Find("r.test", "x"));

    [Theory]
    [InlineData("{")]
    [InlineData("""{"auths": {"r.test": {"auth": "***"}}}""")]
    public void A_broken_file_is_named(string content)
    {
        Write(content);
        var failure = Assert.Throws<OciException>(() => Find("r.test", "x"));
        Assert.Equal(OciErrorKind.ConfigurationInvalid, failure.Kind);
        Assert.Contains(_path, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_text_of_a_credential_shows_its_secret()
    {
        Assert.Equal("me", RegistryCredential.FromPassword("me", "hunter2").ToString());
        Assert.DoesNotContain("hunter2", RegistryCredential.FromIdentityToken("hunter2").ToString(), StringComparison.Ordinal);
    }

    private RegistryCredential? Find(string host, string repository) =>
        new AuthFileCredentials(_path).Find(new RegistryAddress(host, repository, false));

    private void Write(string content) => File.WriteAllText(_path, content);

    private static string Encode(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
