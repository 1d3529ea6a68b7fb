using OciSync.Core.AuthFiles;
using OciSync.Core.Errors;
using OciSync.Core.Logins;
using OciSync.Core.Tests.Auth;

namespace OciSync.Core.Tests.Logins;

public sealed class AuthFileCredentialsTests : IDisposable
{
    private readonly AuthHome _home = new();

    public void Dispose() => _home.Dispose();

    [Theory]
    [InlineData("docker.io", "library/alpine", "hub")]
    [InlineData("r.test:5000", "a/b", "host")]
    [InlineData("r.test:5000", "team/x", "team")]
    [InlineData("r.test:5000", "team/app", "app")]
    [InlineData("r.test:5000", "teams/x", "host")]
    [InlineData("old.test", "x", "old")]
    [InlineData("names.test", "v2/x", "v2")]
    [InlineData("names.test", "x", null)]
    [InlineData("empty.test", "x", null)]
    [InlineData("other.test", "x", null)]
    public async Task The_longest_key_wins(string host, string repository, string? user)
    {
        _home.WriteDocker($$$"""
            {"auths": {
                "https://index.docker.io/v1/": {"auth": "{{{AuthHome.Encode("hub:h")}}}"},
                "r.test:5000": {"auth": "{{{AuthHome.Encode("host:p:q")}}}"},
                "r.test:5000/team": {"username": "team", "password": "t"},
                "r.test:5000/team/app": {"username": "app", "password": "t"},
                "http://old.test/v2/": {"username": "old", "password": "t"},
                "names.test/v2": {"username": "v2", "password": "t"},
                "empty.test": {}, "null.test": null
            }}
            """);
        Assert.Equal(user, (await _home.FindAsync(host, repository))?.Logins.Current.Username);
    }

    [Theory]
    [InlineData("docker.io")]
    [InlineData("index.docker.io")]
    [InlineData("https://index.docker.io/v1/")]
    [InlineData("registry-1.docker.io")]
    public async Task Docker_Hub_has_several_names(string key)
    {
        _home.WriteDocker($$"""{"auths": {"{{key}}": {"username": "hub", "password": "x"} } }""");
        Assert.Equal("hub", (await _home.FindAsync("docker.io", "library/alpine"))?.Logins.Current.Username);
    }

    [Fact]
    public async Task Secrets_come_as_they_were_written()
    {
        _home.WriteDocker($$$"""
            {"auths": {
                "pair.test": {"auth": "{{{AuthHome.Encode("host:p:q")}}}"},
                "identity.test": {"auth": "{{{AuthHome.Encode("me:")}}}", "identitytoken": "abc"},
                "registry.test": {"registrytoken": "def"}
            }}
            """);
        Assert.Equal("p:q", (await _home.FindAsync("pair.test", "x"))!.Logins.Current.Secret);
        var identity = (await _home.FindAsync("identity.test", "x"))!.Logins.Current;
        Assert.Equal((CredentialKind.IdentityToken, "abc", "me"), (identity.Kind, identity.Secret, identity.Username));
        Assert.Equal(CredentialKind.RegistryToken, (await _home.FindAsync("registry.test", "x"))!.Logins.Current.Kind);
    }

    [Fact]
    public async Task Docker_s_oldest_file_and_a_byte_order_mark()
    {
        File.WriteAllText(_home[".dockercfg"], $$"""{"https://r.test": {"auth": "{{AuthHome.Encode("old:x")}}", "email": "a@b"} }""");
        _home.WriteDocker("\uFEFF{}");
        Assert.Equal("old", (await _home.FindAsync("r.test", "x"))?.Logins.Current.Username);
    }

    [Theory]
    [InlineData("{\n\n\"auths\": {]", "line 3")]
    [InlineData("[]", "object")]
    [InlineData("""{"auths": []}""", "'auths'")]
    [InlineData("""{"auths": {"r.test": "x"}}""", "auths['r.test']")]
    [InlineData("""{"auths": {"r.test": {"auth": 7}}}""", "auths['r.test'].auth")]
    [InlineData("""{"auths": {"r.test": {"auth": "c2VjcmV0***"}}}""", "auths['r.test'].auth is not base64")]
    [InlineData("""{"auths": {"r.test": {"auth": "c2VjcmV0"}}}""", "auths['r.test'].auth is not 'user:password'")]
    [InlineData("""{"auths": {"r.test": {"username": "u", "password": []}}}""", "auths['r.test'].password")]
    [InlineData("""{"credHelpers": {"r.test": {}}}""", "credHelpers['r.test']")]
    [InlineData("""{"credsStore": 1}""", "credsStore")]
    public async Task A_broken_file_is_named_with_the_key(string content, string told)
    {
        _home.WriteDocker(content);
        var failure = await Assert.ThrowsAsync<OciException>(() => _home.FindAsync("r.test", "x"));
        Assert.Equal(OciErrorKind.ConfigurationInvalid, failure.Kind);
        Assert.Contains(_home[".docker/config.json"], failure.Message, StringComparison.Ordinal);
        Assert.Contains(told, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("c2VjcmV0", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broken_entry_hides_no_other()
    {
        _home.WriteDocker("""{"auths": {"broken.test": {"auth": "***"}, "r.test": {"username": "u", "password": "p"}}}""");
        Assert.Equal("u", (await _home.FindAsync("r.test", "x"))?.Logins.Current.Username);
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_is_named()
    {
        Directory.CreateDirectory(_home[".docker/config.json"]);
        var failure = await Assert.ThrowsAsync<OciException>(() => _home.FindAsync("r.test", "x"));
        Assert.Contains(_home[".docker/config.json"], failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_everybody_may_write_is_warned_of()
    {
        Assert.SkipWhen(
            OperatingSystem.IsWindows() || ThisBuild.Framework.StartsWith(".NETStandard", StringComparison.Ordinal),
            "This build does not see the rights of files.");
        _home.WriteDocker("""{"auths": {"r.test": {"username": "u", "password": "p"}}}""");
        AuthHome.SetMode(_home[".docker/config.json"], (UnixFileMode)0b110_110_110);
        Assert.Equal("u", (await _home.FindAsync("r.test", "x"))?.Logins.Current.Username);
        Assert.Contains("chmod 600", Assert.Single(_home.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void No_text_of_a_credential_shows_its_secret()
    {
        foreach (var credential in new[]
        {
            RegistryCredential.FromPassword("me", "hunter2"), RegistryCredential.FromIdentityToken("hunter2"), RegistryCredential.FromRegistryToken("hunter2"),
        })
        {
            Assert.DoesNotContain("hunter2", credential.ToString(), StringComparison.Ordinal);
            Assert.DoesNotContain("hunter2", new FoundCredential(credential, "x").ToString(), StringComparison.Ordinal);
        }
    }
}
