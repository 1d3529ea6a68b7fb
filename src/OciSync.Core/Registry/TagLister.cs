using System.Net.Http;
using System.Text.Json;
using OciSync.Core.Auth;
using OciSync.Core.Errors;
using OciSync.Core.Http;

namespace OciSync.Core.Registry;

/// <summary>Tag lists (distribution-spec 1.1, "Content Discovery"), page after page by <c>Link</c>, in the order they come.</summary>
internal static class TagLister
{
    private const int MaxPages = 10_000;
    private const int MaxPageBytes = 64 * 1024 * 1024;

    internal static async Task<IReadOnlyList<string>> ListAsync(RegistryClient client, CancellationToken cancellationToken)
    {
        var tags = new List<string>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        Uri? next = null;
        for (var page = 0; page == 0 || next is not null; page++)
        {
            if (page == MaxPages || (next is not null && !seen.Add(next.OriginalString)))
            {
                throw new OciException(OciErrorKind.ProtocolError, $"The tag list of '{client.DisplayName}' does not end: its pages lead in a circle.");
            }

            var target = next;
            var request = new RegistryRequest(
                HttpMethod.Get, u => target ?? u.Tags(client.Repository), Scope.Pull(client.Repository), client.Context(RequestContext.TagList));
            using var answer = await client.SendAsync(request, null, cancellationToken).ConfigureAwait(false);
            Read(await answer.ReadAllAsync(MaxPageBytes).ConfigureAwait(false), tags, client.DisplayName);
            next = FindNext(answer);
        }

        return tags;
    }

    private static void Read(byte[] body, List<string> tags, string name)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement.TryGetProperty("tags", out var list) && list.ValueKind == JsonValueKind.Array)
            {
                tags.AddRange(list.EnumerateArray().Where(t => t.ValueKind == JsonValueKind.String).Select(t => t.GetString()!));
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new OciException(OciErrorKind.ProtocolError, $"The tag list of '{name}' is not JSON.", e);
        }
    }

    // Link: </v2/name/tags/list?last=x&n=100>; rel="next" — relative to the page; another host is not followed.
    private static Uri? FindNext(HttpAnswer answer)
    {
        foreach (var link in answer.Headers("Link"))
        {
            var open = link.IndexOf('<');
            var close = link.IndexOf('>');
            if (open < 0 || close < open || link.IndexOf("next", close, StringComparison.OrdinalIgnoreCase) < 0)
            {
                continue;
            }

            var target = RegistryUris.Resolve(answer.Uri, link.Substring(open + 1, close - open - 1));
            return RedirectRules.KeepsAuthorization(answer.Uri, target) ? target : RegistryUris.Resolve(answer.Uri, target.PathAndQuery);
        }

        return null;
    }
}
