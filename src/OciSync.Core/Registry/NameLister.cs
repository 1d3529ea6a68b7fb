using System.Net.Http;
using OciSync.Core.Auth;
using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Http;

namespace OciSync.Core.Registry;

/// <summary>
/// Lists of tags and of repositories (distribution-spec 1.1, "Content Discovery"; distribution's catalogue), page after page by
/// <c>Link</c>, in the order they come.
/// </summary>
internal static class NameLister
{
    private const int MaxPageBytes = 64 * 1024 * 1024;

    internal static Task<IReadOnlyList<string>> ListTagsAsync(RegistryClient client, CancellationToken cancellationToken) => ListAsync(
        client.Connection,
        new RegistryRequest(HttpMethod.Get, u => u.Tags(client.Repository), Scope.Pull(client.Repository), client.Context(Question.TagList)),
        "tags",
        cancellationToken);

    /// <summary>The tags, asked for once and without repetition; null when they are on more pages than <paramref name="maxPages"/>.</summary>
    internal static async Task<IReadOnlyList<string>?> TryListTagsAsync(RegistryClient client, int maxPages, CancellationToken cancellationToken)
    {
        var names = new List<string>();
        var context = client.Context(Question.TagList);
        Uri? next = null;
        for (var page = 0; page == 0 || next is not null; page++)
        {
            if (page == maxPages)
            {
                return null;
            }

            var target = next;
            var request = new RegistryRequest(HttpMethod.Get, u => target ?? u.Tags(client.Repository), Scope.Pull(client.Repository), context)
            {
                IsBesideImages = true,
            };
            using var answer = await client.Connection.SendAsync(request, WorkScope.Uncounted(cancellationToken)).ConfigureAwait(false);
            NamePage.Read(await answer.ReadAllAsync(MaxPageBytes).ConfigureAwait(false), "tags", names, context.Target);
            next = PageLink.FindNext(answer.Uri, answer.Headers("Link"));
        }

        return names;
    }

    /// <summary>The repositories a registry lists to us; many registries list none, or refuse.</summary>
    internal static Task<IReadOnlyList<string>> ListRepositoriesAsync(RegistryConnection connection, CancellationToken cancellationToken) => ListAsync(
        connection,
        new RegistryRequest(
            HttpMethod.Get, u => u.Catalogue, Scope.Catalogue, new RequestContext(Question.Catalogue, connection.Host, null, null)),
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
            if (page == connection.Options.LongestList || (next is not null && !seen.Add(next.OriginalString)))
            {
                throw new OciException(OciErrorKind.ProtocolError, $"The list of {key} of '{first.Context.Target}' does not end: its pages lead in a circle.");
            }

            var target = next;
            var request = target is null ? first : new RegistryRequest(HttpMethod.Get, _ => target, first.Scope, first.Context);
            var (answer, body) = await connection.FetchAsync(request, MaxPageBytes, WorkScope.Uncounted(cancellationToken)).ConfigureAwait(false);
            using var disposed = answer;
            NamePage.Read(body, key, names, first.Context.Target);
            next = PageLink.FindNext(answer.Uri, answer.Headers("Link"));
        }

        return names;
    }
}
