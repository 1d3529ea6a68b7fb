using System.Net;
using OciSync.Core.Connections;
using OciSync.Core.Errors;
using OciSync.Core.Machine;

namespace OciSync.Core.Tests.Connections;

public sealed class ProxyChoiceTests
{
    [Theory]
    [InlineData("HTTPS_PROXY=http://p:1", "https://r.test/", "p:1")]
    [InlineData("https_proxy=p:1", "https://r.test/", "p:1")]
    [InlineData("HTTPS_PROXY=http://p:1", "http://r.test/", null)]
    [InlineData("HTTP_PROXY=http://p:1", "http://r.test/", "p:1")]
    [InlineData("HTTP_PROXY=http://p:1", "https://r.test/", null)]
    [InlineData("HTTPS_PROXY=http://up:1|https_proxy=http://low:2", "https://r.test/", "up:1")]
    [InlineData("ALL_PROXY=http://all:1|HTTPS_PROXY=http://p:2", "http://r.test/", "all:1")]
    [InlineData("ALL_PROXY=http://all:1|HTTPS_PROXY=http://p:2", "https://r.test/", "p:2")]
    [InlineData("HTTP_PROXY=http://p:1|REQUEST_METHOD=GET", "http://r.test/", null)]
    [InlineData("HTTP_PROXY=http://p:1|http_proxy=http://p:1|REQUEST_METHOD=GET", "http://r.test/", null)]
    [InlineData("HTTP_PROXY=http://evil:1|http_proxy=http://p:1|REQUEST_METHOD=GET", "http://r.test/", "p:1")]
    [InlineData("HTTPS_PROXY=http://p:1|REQUEST_METHOD=GET", "https://r.test/", "p:1")]
    [InlineData("HTTPS_PROXY=http://p:1|NO_PROXY=r.test", "https://r.test/", null)]
    [InlineData("HTTPS_PROXY=http://p:1|no_proxy=r.test:5000", "https://r.test:5000/", null)]
    [InlineData("HTTPS_PROXY=http://p:1|no_proxy=r.test:5000", "https://r.test/", "p:1")]
    [InlineData("ALL_PROXY=http://p:1", "http://localhost:5000/", null)]
    [InlineData("ALL_PROXY=http://p:1", "https://127.1.2.3/", null)]
    [InlineData("ALL_PROXY=http://p:1", "https://[::1]:5000/", null)]
    [InlineData("ALL_PROXY=http://p:1", "https://10.0.0.1/", "p:1")]
    [InlineData("", "https://r.test/", null)]
    public void The_environment_names_proxies(string environment, string url, string? expected)
    {
        var choice = ProxyChoice.For(null, Places(environment));
        Assert.Equal(expected, choice.GetProxy(new Uri(url))?.Authority);
        Assert.Equal(expected is null, choice.IsBypassed(new Uri(url)));
    }

    [Fact]
    public void A_given_proxy_is_for_every_host()
    {
        var choice = ProxyChoice.For(new ProxySettings { Address = new Uri("http://mine:9") }, Places("ALL_PROXY=http://p:1|NO_PROXY=*"));
        Assert.Equal("mine:9", choice.GetProxy(new Uri("http://127.0.0.1/"))?.Authority);
    }

    [Fact]
    public void A_login_in_the_url_is_used_and_never_shown()
    {
        var choice = ProxyChoice.For(null, Places("HTTPS_PROXY=http://us%40er:p%3Aw@p:1"));
        var login = Assert.IsType<NetworkCredential>(choice.Credentials);
        Assert.Equal(("us@er", "p:w"), (login.UserName, login.Password));
        Assert.Equal("'http://p:1' (HTTPS_PROXY)", choice.FindName(new Uri("https://r.test/")));
        Assert.Equal("http://p:1/", choice.GetProxy(new Uri("https://r.test/"))?.ToString());
    }

    [Theory]
    [InlineData("HTTPS_PROXY=http://user:s3cret@")]
    [InlineData("HTTPS_PROXY=ftp://user:s3cret@p:1")]
    [InlineData("HTTPS_PROXY=http://user:s3cret@p:port")]
    public void A_broken_url_is_named_and_not_shown(string environment)
    {
        var failure = Assert.Throws<OciException>(() => ProxyChoice.For(null, Places(environment)));
        Assert.Equal(OciErrorKind.ConfigurationInvalid, failure.Kind);
        Assert.StartsWith("HTTPS_PROXY ", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", failure.ToString(), StringComparison.Ordinal);
    }

    private static MachinePlaces Places(string environment)
    {
        var variables = environment.Split('|', StringSplitOptions.RemoveEmptyEntries).Select(v => v.Split('=', 2)).ToDictionary(v => v[0], v => v[1]);
        return new MachinePlaces { Variable = name => variables.GetValueOrDefault(name) };
    }
}
