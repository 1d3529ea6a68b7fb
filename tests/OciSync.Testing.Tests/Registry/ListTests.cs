using System.Text.Json.Nodes;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using static OciSync.Testing.Tests.RegistryClient;

namespace OciSync.Testing.Tests.Registry;

public sealed class ListTests
{
    private static readonly TestImage Image = ImageFactory.Create();

    [Theory]
    [InlineData("default", "a b c d", 2)]
    [InlineData("distribution3", "a b c d", 3)]
    public async Task Pages_are_linked(string dialect, string expected, int pages)
    {
        await using var registry = await StartAsync(RegistryDialects.Get(dialect));
        var (tags, count) = await FollowAsync(registry, "/v2/r/tags/list?n=2");
        Assert.Equal(expected, tags);
        Assert.Equal(pages, count);
    }

    [Fact]
    public async Task The_registry_may_set_the_page_size_and_list_what_is_no_tag()
    {
        await using var registry = await StartAsync(new RegistryDialect { TagPageSize = 2, ExtraTags = ["-bad", "z z"] });
        var (tags, count) = await FollowAsync(registry, "/v2/r/tags/list");
        Assert.Equal("-bad a b c d z z", tags);
        Assert.Equal(3, count);
    }

    [Fact]
    public async Task Distribution2_ignores_paging_and_order()
    {
        await using var registry = await StartAsync(RegistryDialects.Get("distribution2"));
        Assert.Equal(("c a d b", 1), await FollowAsync(registry, "/v2/r/tags/list?n=2"));
    }

    [Fact]
    public async Task Unsorted_lists_are_paged_too()
    {
        await using var registry = await StartAsync(new RegistryDialect { UnsortedTags = true });
        Assert.Equal(("c a d b", 2), await FollowAsync(registry, "/v2/r/tags/list?n=3"));
    }

    [Fact]
    public async Task The_catalogue_lists_repositories()
    {
        await using var registry = await StartAsync(new RegistryDialect());
        using var client = new RegistryClient(registry);
        using var response = await client.SendAsync("GET", "/v2/_catalog?n=1");
        using var tooMany = await client.SendAsync("GET", "/v2/_catalog?n=100000");
        Assert.Equal("{\"repositories\":[\"r\"]}", await response.Content.ReadAsStringAsync(Token));
        Assert.Equal("PAGINATION_NUMBER_INVALID", await ErrorAsync(tooMany));
    }

    private static async Task<EmbeddedRegistry> StartAsync(RegistryDialect dialect)
    {
        var registry = await EmbeddedRegistry.StartAsync(new RegistryOptions { Dialect = dialect });
        await registry.AddAsync("r", Image, "c", "a", "d", "b");
        return registry;
    }

    private static async Task<(string Tags, int Pages)> FollowAsync(EmbeddedRegistry registry, string? path)
    {
        using var client = new RegistryClient(registry);
        var tags = new List<string>();
        var pages = 0;
        while (path is not null)
        {
            using var response = await client.SendAsync("GET", path);
            var json = JsonNode.Parse(await response.Content.ReadAsStringAsync(Token));
            tags.AddRange(json!["tags"]!.AsArray().Select(tag => (string)tag!));
            pages++;
            path = Header(response, "Link") is { Length: > 0 } link ? link[1..link.IndexOf('>')] : null;
        }

        return (string.Join(' ', tags), pages);
    }
}
