using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace OciSync.Testing.Registry.Endpoints;

/// <summary>The list of tags and the list of repositories, page by page.</summary>
internal sealed class ListEndpoints(RegistryCore core)
{
    private const int MaxCatalogPage = 1000;

    internal Task TagsAsync(HttpContext context, RegistryRoute route)
    {
        var repository = core.Repositories.Find(route.Repository)
            ?? throw new RegistryException(404, "NAME_UNKNOWN", "repository name not known to registry");
        var dialect = core.Dialect;
        var tags = repository.TagNames();
        tags.AddRange(dialect.ExtraTags);
        if (!dialect.UnsortedTags)
        {
            tags.Sort(StringComparer.Ordinal);
        }

        var page = dialect.IgnoreTagPaging ? tags : Page(context, tags, dialect.TagPageSize ?? int.MaxValue);
        var body = new JsonObject { ["name"] = route.Repository, ["tags"] = page.Count == 0 && dialect.NullTags ? null : ToArray(page) };
        return context.WriteJsonAsync(200, body);
    }

    internal Task CatalogAsync(HttpContext context)
    {
        if (Number(context) > MaxCatalogPage)
        {
            throw new RegistryException(400, "PAGINATION_NUMBER_INVALID", "invalid number of results requested");
        }

        var page = Page(context, [.. core.Repositories.Names], MaxCatalogPage);
        return context.WriteJsonAsync(200, new JsonObject { ["repositories"] = ToArray(page) });
    }

    private List<string> Page(HttpContext context, List<string> all, int maximum)
    {
        var size = Math.Min(Number(context) ?? int.MaxValue, maximum);
        var rest = After(all, context.Request.Query["last"].ToString());
        var page = rest.Take(size).ToList();
        var isMore = rest.Count > page.Count || (core.Dialect.LinkAfterFullPage && page.Count == size);
        if (isMore && page.Count > 0 && !core.Dialect.OmitLink)
        {
            var path = context.Request.Path.ToUriComponent();
            context.Response.Headers.Link = $"<{path}?last={Uri.EscapeDataString(page[^1])}&n={size}>; rel=\"next\"";
        }

        return page;
    }

    private List<string> After(List<string> all, string last)
    {
        if (last.Length == 0)
        {
            return all;
        }

        var index = all.IndexOf(last);
        return index >= 0 || core.Dialect.UnsortedTags
            ? all[(index + 1)..]
            : all.FindAll(item => string.CompareOrdinal(item, last) > 0);
    }

    private static int? Number(HttpContext context) =>
        context.Request.Query["n"].ToString() is { Length: > 0 } text
            ? int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? number
                : throw new RegistryException(400, "PAGINATION_NUMBER_INVALID", "invalid number of results requested")
            : null;

    private static JsonArray ToArray(IEnumerable<string> items) => [.. items.Select(item => (JsonNode?)item)];
}
