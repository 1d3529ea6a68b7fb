using OciSync.Core.Errors;
using OciSync.Core.References;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using OciSync.Testing.Registry.Auth;
using OciSync.Testing.Registry.Faults;

namespace OciSync.Core.Tests.Engine;

public sealed class ListTests
{
    [Theory]
    [InlineData(2, false)]
    [InlineData(5, true)]
    [InlineData(null, false)]
    public async Task Tags_come_page_after_page(int? pageSize, bool linkAfterFullPage)
    {
        await using var registry = await EmbeddedRegistry.StartAsync(new RegistryOptions
        {
            Dialect = new RegistryDialect { TagPageSize = pageSize, LinkAfterFullPage = linkAfterFullPage },
        });
        await registry.AddAsync("a", ImageFactory.Create(), "1", "2", "3", "4", "5");
        using var engine = Run.Engine(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(["1", "2", "3", "4", "5"], await TagsAsync(engine, registry));
    }

    [Fact]
    public async Task Pages_in_a_circle_end()
    {
        await using var registry = await EmbeddedRegistry.StartAsync();
        registry.Faults.Add("GET", "/tags/list", new FaultAction
        {
            Kind = FaultKind.Respond,
            Status = 200,
            Body = """{"tags":["1"]}""",
            ContentType = "application/json",
            Headers = new Dictionary<string, string> { ["Link"] = "</v2/a/tags/list?last=1>; rel=\"next\"" },
        }, times: 100);
        using var engine = Run.Engine(cancellationToken: TestContext.Current.CancellationToken);
        var failure = await Assert.ThrowsAsync<OciException>(() => TagsAsync(engine, registry));
        Assert.Equal(OciErrorKind.ProtocolError, failure.Kind);
        Assert.Equal(2, registry.Requests.Count("GET", "/tags/list"));
    }

    [Fact]
    public async Task Repositories_are_listed_to_who_may_see_them()
    {
        await using var registry = await EmbeddedRegistry.StartAsync(RegistryOptions.WithToken(false, new RegistryUser("alice", "s3cret")));
        await registry.AddAsync("a", ImageFactory.Create(), "1");
        await registry.AddAsync("b/c", ImageFactory.Create(), "1");
        using var engine = Run.Engine(sessions: Run.Login(registry), cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(["a", "b/c"], await engine.ListRepositoriesAsync(registry.Address, TestContext.Current.CancellationToken));
        Assert.Equal(["registry:catalog:*"], registry.Tokens.Requests.Single().Scopes);
    }

    private static Task<IReadOnlyList<string>> TagsAsync(OciEngine engine, EmbeddedRegistry registry) =>
        engine.ListTagsAsync(ImageReference.Parse(registry.Address + "/a"), TestContext.Current.CancellationToken);
}
