using System.Net.Http;
using OciSync.Core.Auth;
using OciSync.Core.Connections;
using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Http;
using OciSync.Core.Manifests;
using OciSync.Core.References;

namespace OciSync.Core.Registry;

/// <summary>The referrers a registry lists (distribution-spec 1.1, "Listing Referrers"), page after page by <c>Link</c>.</summary>
internal static class ReferrerLister
{
    internal const int MaxReferrers = 10_000;
    private const int MaxPages = 1_000;

    // All pages together: what is listed is kept in memory.
    private const long MaxBytes = 32 * 1024 * 1024;

    /// <summary>The referrers; null when the registry has no such API.</summary>
    internal static async Task<IReadOnlyList<Descriptor>?> TryListAsync(
        RegistryClient client, Digest subject, WorkScope work)
    {
        var context = client.Context(Question.ReferrerList, subject.ToString());
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var found = new List<Descriptor>();
        Uri? next = null;
        var bytes = 0L;
        for (var page = 0; page == 0 || next is not null; page++)
        {
            var target = next;
            if (page == MaxPages || (target is not null && !seen.Add(target.OriginalString)))
            {
                throw new OciException(OciErrorKind.ProtocolError, $"The list of referrers of '{context.Target}' does not end: its pages lead in a circle.");
            }

            var request = Ask(client, u => target ?? u.Referrers(client.Repository, subject), context);
            var (answer, body) = await client.Connection.FetchAsync(request, ManifestReader.MaxSize, work).ConfigureAwait(false);
            using var disposed = answer;
            if (target is not null && (int)answer.Status != 200)
            {
                throw RegistryFailure.From(answer, body, context);
            }

            // Registries that don't know the API say so, or answer with a page for people.
            if (target is null && ((int)answer.Status != 200 || answer.MediaType != MediaTypes.OciIndex))
            {
                return null;
            }

            found.AddRange(ManifestReader.Read(body, MediaTypes.OciIndex, Digest.Of(body), $"{context.Target} (referrers)").Children);
            bytes += body.Length;
            CheckSize(context, found.Count, bytes);
            next = PageLink.FindNext(answer.Uri, answer.Headers("Link"));
        }

        return found;
    }

    private static void CheckSize(RequestContext context, int count, long bytes)
    {
        if (count > MaxReferrers || bytes > MaxBytes)
        {
            var most = count > MaxReferrers ? $"{MaxReferrers:N0} referrers" : $"{MaxBytes:N0} bytes of referrers";
            throw new OciException(OciErrorKind.ProtocolError, $"'{context.Target}' has more than {most}; no more are read.");
        }
    }

    private static RegistryRequest Ask(RegistryClient client, Func<RegistryUris, Uri> target, RequestContext context) =>
        new(HttpMethod.Get, target, Scope.Pull(client.Repository), context) { Accept = MediaTypes.OciIndex };
}
