using System.Net.Http;
using System.Text.Json;
using OciSync.Core.Auth;
using OciSync.Core.Errors;
using OciSync.Core.Http;

namespace OciSync.Core.Registry;

/// <summary>
/// Lists of tags and of repositories (distribution-spec 1.1, "Content Discovery"; distribution's catalogue), page after page by
/// <c>Link</c>, in the order they come.
/// </summary>
internal static class NameLister
{
    private const int MaxPages = 10_000;
    private const int MaxPageBytes = 64 * 1024 * 1024;
    private const int MaxNames = 1_000_000;

    internal static Task<IReadOnlyList<string>> ListTagsAsync(RegistryClient client, CancellationToken cancellationToken) => ListAsync(
        client.Connection,
        new RegistryRequest(HttpMethod.Get, u => u.Tags(client.Repository), Scope.Pull(client.Repository), client.Context(RequestContext.TagList)),
        "tags",
        cancellationToken);

    /// <summary>The tags, asked for once and without repetition; null when they are on more pages than <paramref name="maxPages"/>.</summary>
    internal static async Task<IReadOnlyList<string>?> TryListTagsAsync(RegistryClient client, int maxPages, CancellationToken cancellationToken)
    {
        var names = new List<string>();
        var context = client.Context(RequestContext.TagList);
        Uri? next = null;
        for (var page = 0; page == 0 || next is not null; page++)
        {
            if (page == maxPages)
            {
                return null;
            }

            var target = next;
            var request = new RegistryRequest(HttpMethod.Get, u => target ?? u.Tags(client.Repository), Scope.Pull(client.Repository), context);
            using var answer = await client.Connection.SendAsync(request, cancellationToken).ConfigureAwait(false);
            Read(await answer.ReadAllAsync(MaxPageBytes).ConfigureAwait(false), "tags", names, context.Target);
            next = FindNext(answer);
        }

        return names;
    }

    /// <summary>The repositories a registry lists to us; many registries list none, or refuse.</summary>
    internal static Task<IReadOnlyList<string>> ListRepositoriesAsync(RegistryConnection connection, CancellationToken cancellationToken) => ListAsync(
        connection,
        new RegistryRequest(
            HttpMethod.Get, u => u.Catalogue, Scope.Catalogue, new RequestContext("list the repositories of", connection.Host, null, null)),
        "repositories",
        cancellationToken);

    private static async Task<IReadOnlyList<string>> ListAsync(
        RegistryConnection connection, RegistryRequest first, string key, CancellationToken cancellationToken)
    {
        var names = new List<string>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        Uri? next = null;
        for (var page = 0; page == 0 || next is not null; page++)
        {
            if (page == MaxPages || (next is not null && !seen.Add(next.OriginalString)))
            {
                throw new OciException(OciErrorKind.ProtocolError, $"The list of {key} of '{first.Context.Target}' does not end: its pages lead in a circle.");
            }

            var target = next;
            var request = target is null ? first : new RegistryRequest(HttpMethod.Get, _ => target, first.Scope, first.Context);
            var (answer, body) = await connection.FetchAsync(request, MaxPageBytes, null, cancellationToken).ConfigureAwait(false);
            using var disposed = answer;
            Read(body, key, names, first.Context.Target);
            if (names.Count > MaxNames)
            {
                throw new OciException(OciErrorKind.ProtocolError, $"The list of {key} of '{first.Context.Target}' has more than {MaxNames:N0} entries; no more are read.");
            }

            next = FindNext(answer);
        }

        return names;
    }

    private static void Read(byte[] body, string key, List<string> names, string target)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement.TryGetProperty(key, out var list) && list.ValueKind == JsonValueKind.Array)
            {
                names.AddRange(list.EnumerateArray().Where(t => t.ValueKind == JsonValueKind.String).Select(t => t.GetString()!));
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new OciException(OciErrorKind.ProtocolError, $"The list of {key} of '{target}' is not JSON.", e);
        }
    }

    // Link: </v2/name/tags/list?last=x&n=100>; rel="next" — relative to the page; another host is not followed.
    internal static Uri? FindNext(HttpAnswer answer)
    {
        foreach (var link in answer.Headers("Link"))
        {
            var open = link.IndexOf('<');
            var close = link.IndexOf('>');
            if (open < 0 || close < open || link.IndexOf("next", close, StringComparison.OrdinalIgnoreCase) < 0)
            {
                continue;
            }

            var target = ReadTarget(answer.Uri, link.Substring(open + 1, close - open - 1));
            return RedirectRules.KeepsAuthorization(answer.Uri, target) ? target : RegistryUris.Resolve(answer.Uri, target.PathAndQuery);
        }

        return null;
    }

    private static Uri ReadTarget(Uri page, string link)
    {
        try
        {
            return RegistryUris.Resolve(page, link);
        }
        catch (UriFormatException e)
        {
            throw new OciException(OciErrorKind.ProtocolError, $"'{page.Authority}' gives an address for the next page of its list that is none.", e);
        }
    }
}
