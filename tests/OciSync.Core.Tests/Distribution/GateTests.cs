using System.Text;
using OciSync.Core.Distribution;

namespace OciSync.Core.Tests.Distribution;

/// <summary>Who may ask, and under which name.</summary>
public sealed class GateTests
{
    private readonly HostNames _hosts = new(["mirror.corp", "*.example.org"]);
    private readonly ClientLogins _logins = new([new("alice", "s3cret"), new("bob", "pässword:1")]);

    [Theory]
    [InlineData("localhost")]
    [InlineData("localhost:5000")]
    [InlineData("127.0.0.1:5000")]
    [InlineData("192.168.1.7")]
    [InlineData("[::1]:5000")]
    [InlineData("MIRROR.corp:443")]
    [InlineData("a.example.org")]
    [InlineData(null)]
    public void Own_names_and_addresses_are_allowed(string? header) => Assert.True(_hosts.Allows(header));

    [Theory]
    [InlineData("evil.example")]
    [InlineData("localhost.evil.example")]
    [InlineData("mirror.corp.evil.example:5000")]
    [InlineData("127.0.0.1.evil.example")]
    [InlineData("127.0.0.1@evil.example")]
    [InlineData("example.org")]
    public void Other_names_are_not(string header) => Assert.False(_hosts.Allows(header));

    [Theory]
    [InlineData("alice:s3cret", true)]
    [InlineData("bob:pässword:1", true)]
    [InlineData("alice:s3cre", false)]
    [InlineData("alice:s3crets", false)]
    [InlineData("alice:", false)]
    [InlineData("bob:s3cret", false)]
    [InlineData("", false)]
    public void A_login_is_right_or_not(string login, bool isRight) =>
        Assert.Equal(isRight, _logins.Allows("Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(login))));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Basic")]
    [InlineData("Basic !!!")]
    [InlineData("Bearer YWxpY2U6czNjcmV0")]
    public void What_is_no_login_is_refused(string? header) => Assert.False(_logins.Allows(header));

    [Fact]
    public void Without_logins_everyone_may_read() => Assert.True(new ClientLogins([]).Allows(null));
}
