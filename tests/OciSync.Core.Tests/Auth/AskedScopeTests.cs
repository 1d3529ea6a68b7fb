using OciSync.Core.Auth;
using OciSync.Core.References;
using OciSync.Core.Tests.Engine;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using OciSync.Testing.Registry.Faults;

namespace OciSync.Core.Tests.Auth;

/// <summary>Scopes that a challenge asks for, and token answers of odd shapes.</summary>
public sealed class AskedScopeTests
{
    [Fact]
    public async Task A_scope_that_the_challenge_asks_for_is_asked_for_once()
    {
        await using var registry = await EmbeddedRegistry.StartAsync(RegistryOptions.WithToken(anonymousPull: true));
        await registry.AddAsync("team/app", ImageFactory.Create(), "1");
        var challenge =
            $"Bearer realm=\"{registry.BaseUri}token\",service=\"embedded\",scope=\"repository:proj/team/app:pull,push\",error=\"insufficient_scope\"";
        registry.Faults.Add(
            "GET", "/tags/list", FaultAction.Respond(401) with { Headers = new Dictionary<string, string> { ["WWW-Authenticate"] = challenge } });
        using var engine = Run.Engine(cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(["1"], await engine.ListTagsAsync(ImageReference.Parse($"{registry.Address}/team/app"), TestContext.Current.CancellationToken));

        // Who reads asks for reading, whatever the challenge would have.
        Assert.Equal(
            ["repository:team/app:pull", "repository:team/app:pull repository:proj/team/app:pull"],
            registry.Tokens.Requests.Select(r => string.Join(' ', r.Scopes)));
    }

    [Theory]
    [InlineData("repository:a:pull", false)]
    [InlineData("repository:a:pull,push", false)]
    [InlineData("repository:b:pull", true)]
    [InlineData("repository:a:pull repository:b:pull", true)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void Only_what_is_new_is_learnt(string? challenge, bool isNew)
    {
        var asked = new AskedScopes();
        Assert.Equal(isNew, asked.Learn(Scope.Pull("a"), challenge));
        Assert.False(asked.Learn(Scope.Pull("a"), challenge));
        Assert.Equal(isNew ? ["repository:a:pull", "repository:b:pull"] : ["repository:a:pull"], asked.With(Scope.Pull("a")));
        Assert.Equal(["repository:c:pull"], asked.With(Scope.Pull("c")));
    }

    [Fact]
    public void Who_writes_asks_for_what_the_challenge_says()
    {
        var asked = new AskedScopes();
        Assert.True(asked.Learn(Scope.PullPush("a"), "repository:p/a:push,pull"));
        Assert.Equal(["repository:a:pull,push", "repository:p/a:push,pull"], asked.With(Scope.PullPush("a")));
        Assert.Equal(["repository:a:pull", "repository:p/a:pull"], asked.With(Scope.Pull("a")));
    }

    [Theory]
    [InlineData("""{"token":"","access_token":"good"}""", "good")]
    [InlineData("""{"token":"good","access_token":""}""", "good")]
    [InlineData("""{"token":null,"access_token":"good"}""", "good")]
    [InlineData("""{"token":"","access_token":""}""", null)]
    public void An_empty_token_stands_for_none(string body, string? token)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(body);
        if (token is null)
        {
            Assert.Throws<Core.Errors.OciException>(() => TokenAnswer.Read(bytes, DateTimeOffset.UnixEpoch, "r.test"));
        }
        else
        {
            Assert.Equal(token, TokenAnswer.Read(bytes, DateTimeOffset.UnixEpoch, "r.test").Text);
        }
    }
}
