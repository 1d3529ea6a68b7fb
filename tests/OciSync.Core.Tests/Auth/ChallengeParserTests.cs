using OciSync.Core.Auth;

namespace OciSync.Core.Tests.Auth;

public sealed class ChallengeParserTests
{
    [Fact]
    public void A_bearer_challenge()
    {
        var challenge = Assert.Single(ChallengeParser.Parse(
            ["""Bearer realm="https://auth.test/token?a=b",service="registry.test",scope="repository:a/b:pull,push repository:c:pull",error="insufficient_scope" """]));
        Assert.True(challenge.IsBearer);
        Assert.Equal("https://auth.test/token?a=b", challenge.Realm);
        Assert.Equal("registry.test", challenge.Service);
        Assert.Equal("repository:a/b:pull,push repository:c:pull", challenge.Scope);
        Assert.Equal("insufficient_scope", challenge.Error);
    }

    [Theory]
    [InlineData("Basic realm=\"x\", Bearer realm=y", "Basic Bearer")]
    [InlineData("basic", "basic")]
    [InlineData("Basic realm=\"a \\\"quoted\\\" word\"", "Basic")]
    [InlineData("", "")]
    [InlineData(",,=,\"", "")]
    public void Several_in_one_header_and_odd_ones(string header, string schemes) =>
        Assert.Equal(schemes, string.Join(" ", ChallengeParser.Parse([header]).Select(c => c.Scheme)));

    [Fact]
    public void Several_headers_with_and_without_quotes()
    {
        var challenges = ChallengeParser.Parse(
            ["Basic realm=\"a, b\", charset=UTF-8", "bearer REALM=https://auth.test/token , service = \"s\",scope=repository:a:pull"]);
        Assert.Equal(["Basic", "bearer"], challenges.Select(c => c.Scheme));
        Assert.Equal("a, b", challenges[0].Realm);
        Assert.Equal(("https://auth.test/token", "s", "repository:a:pull"), (challenges[1].Realm, challenges[1].Service, challenges[1].Scope));
    }

    [Fact]
    public void Any_text_is_read_without_a_failure() =>
        CsCheck.Check.Sample(CsCheck.Gen.String, text => Assert.NotNull(ChallengeParser.Parse([text])));
}
