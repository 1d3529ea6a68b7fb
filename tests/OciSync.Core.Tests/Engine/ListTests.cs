using OciSync.Core.Engine;
using OciSync.Core.Errors;
using OciSync.Core.References;
using OciSync.Core.Tags;
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
        Assert.Equal(["a", "b/c"], await RepositoriesAsync(engine, registry.Address));
        Assert.Equal(["registry:catalog:*"], registry.Tokens.Requests.Single().Scopes);
    }

    [Fact]
    public async Task Repositories_come_page_after_page_and_are_chosen_by_namespace_and_wildcard()
    {
        await using var registry = await EmbeddedRegistry.StartAsync();
        foreach (var name in new[] { "b/c", "b/d", "bc", "a" })
        {
            await registry.AddAsync(name, ImageFactory.Create(), "1");
        }

        registry.Faults.Add("GET", "/v2/_catalog", new FaultAction
        {
            Kind = FaultKind.Respond,
            Status = 200,
            Body = """{"repositories":["a", "b/c", "Not/A/Name"]}""",
            ContentType = "application/json",
            Headers = new Dictionary<string, string> { ["Link"] = "</v2/_catalog?last=b%2Fc&n=100>; rel=\"next\"" },
        }, times: 1);
        using var engine = Run.Engine(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(["a", "b/c", "b/d", "bc"], await RepositoriesAsync(engine, registry.Address));
        Assert.Equal(2, registry.Requests.Count("GET", "/v2/_catalog"));
        Assert.Equal(["b/c", "b/d"], await RepositoriesAsync(engine, registry.Address + "/b/"));
        Assert.Equal(["b/d"], await RepositoriesAsync(engine, registry.Address, ["B/*"], ["*c"]));
    }

    [Theory]
    [InlineData(403, OciErrorKind.CatalogueRefused)]
    [InlineData(404, OciErrorKind.CatalogueRefused)]
    [InlineData(405, OciErrorKind.CatalogueRefused)]
    [InlineData(401, OciErrorKind.Unauthorized)]
    public async Task A_registry_that_lists_none_says_which_right_it_takes(int status, OciErrorKind kind)
    {
        await using var registry = await EmbeddedRegistry.StartAsync();
        registry.Faults.Add("GET", "/v2/_catalog", new FaultAction { Kind = FaultKind.Respond, Status = status }, times: 10);
        using var engine = Run.Engine(cancellationToken: TestContext.Current.CancellationToken);
        var failure = await Assert.ThrowsAsync<OciException>(() => RepositoriesAsync(engine, registry.Address));
        Assert.Equal(kind, failure.Kind);
        Assert.Contains("'registry:catalog:*'", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("bad host")]
    [InlineData("r.test/Not A Namespace")]
    public async Task What_is_no_registry_is_refused(string place)
    {
        using var engine = Run.Engine(cancellationToken: TestContext.Current.CancellationToken);
        var failure = await Assert.ThrowsAsync<OciException>(() => RepositoriesAsync(engine, place));
        Assert.Equal(OciErrorKind.ReferenceInvalid, failure.Kind);
    }

    [Fact]
    public async Task Times_are_read_only_of_tags_that_the_other_filters_leave()
    {
        await using var registry = await EmbeddedRegistry.StartAsync();
        await registry.AddAsync("a", ImageFactory.Create(), "1.0", "1.1", "2.0", "2.1", "latest");
        using var engine = Run.Engine(cancellationToken: TestContext.Current.CancellationToken);
        var choice = new TagChoice { Include = ["2.*"], Before = new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero) };
        var list = await engine.ChooseTagsAsync(Repository(registry), new TagSelector(choice), TestContext.Current.CancellationToken);
        Assert.Equal(["2.0", "2.1"], list.All.Where(t => t.DropReason is null).Select(t => t.Tag));
        Assert.All(list.All, t => Assert.Equal(t.DropReason is null, t.Created is not null));
        Assert.Equal(2, registry.Requests.Count("GET", "/manifests/2."));
        Assert.Equal(0, registry.Requests.Count("GET", "/manifests/1."));
    }

    [Fact]
    public async Task Choosing_by_names_asks_for_the_list_and_nothing_else()
    {
        await using var registry = await EmbeddedRegistry.StartAsync();
        await registry.AddAsync("a", ImageFactory.Create(), "1.0", "1.1", "latest");
        using var engine = Run.Engine(cancellationToken: TestContext.Current.CancellationToken);
        var list = await engine.ChooseTagsAsync(Repository(registry), new TagSelector(new TagChoice { Latest = 1 }), TestContext.Current.CancellationToken);
        Assert.Equal("1.1", list.All.Single(t => t.DropReason is null).Tag);
        Assert.Equal(1, registry.Requests.Count("GET", "/tags/list"));
        Assert.Equal(0, registry.Requests.Count("GET", "/manifests/"));
    }

    private static async Task<IEnumerable<string>> RepositoriesAsync(OciEngine engine, string place, string[]? include = null, string[]? exclude = null) =>
        (await engine.ListRepositoriesAsync(place, include ?? [], exclude ?? [], TestContext.Current.CancellationToken)).Select(r => r.Repository);

    private static ImageReference Repository(EmbeddedRegistry registry) => ImageReference.Parse(registry.Address + "/a");

    private static Task<IReadOnlyList<string>> TagsAsync(OciEngine engine, EmbeddedRegistry registry) =>
        engine.ListTagsAsync(ImageReference.Parse(registry.Address + "/a"), TestContext.Current.CancellationToken);
}
