using System.Globalization;
using System.Text.Json.Nodes;
using OciSync.Core.Errors;
using OciSync.Core.Manifests;
using OciSync.Core.References;

namespace OciSync.Core.Distribution;

/// <summary>Answers requests from images (distribution-spec 1.1, the pull and discovery parts). It knows no socket and no file.</summary>
/// <param name="images">What is served.</param>
/// <param name="hosts">The names under which it may be asked.</param>
/// <param name="logins">Who may ask.</param>
internal sealed class Responder(IServedImages images, HostNames hosts, ClientLogins logins)
{
    private const string Bytes = "application/octet-stream";

    /// <summary>The answer to a request; a failure is one too.</summary>
    internal async Task<ClientAnswer> AnswerAsync(ClientRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return Refuse(request) ?? await RouteAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (OciException e)
        {
            return FailureAnswer.Of(e);
        }
    }

    private ClientAnswer? Refuse(ClientRequest request)
    {
        if (!hosts.Allows(request.Host))
        {
            return AnswerMaker.CreateError(
                421, "DENIED", "The server is not asked under this name (Host header). Start-OciRegistryServer -HostName allows names.");
        }

        if (!logins.Allows(request.Authorization))
        {
            return AnswerMaker.CreateError(401, "UNAUTHORIZED", "A login is needed.").With("WWW-Authenticate", "Basic realm=\"OciSync\", charset=\"UTF-8\"");
        }

        return request.Method is "GET" or "HEAD"
            ? null
            : AnswerMaker.CreateError(405, "UNSUPPORTED", "This registry is only read.").With("Allow", "GET, HEAD").With("Connection", "close");
    }

    private async Task<ClientAnswer> RouteAsync(ClientRequest request, CancellationToken cancellationToken)
    {
        var (path, text) = RegistryPath.Split(request.Target);
        var routes = RegistryPath.Read(path);
        var query = RequestQuery.Read(text);
        if (routes.Count == 0)
        {
            return AnswerMaker.CreateError(404, "NAME_INVALID", "This is no path of a registry.");
        }

        if (query.Fault is { } fault)
        {
            return AnswerMaker.CreateError(fault == "n" ? 400 : 404, fault == "n" ? "PAGINATION_NUMBER_INVALID" : "NAME_INVALID", $"'{fault}' can't be that.");
        }

        ClientAnswer? answer = null;
        foreach (var route in routes)
        {
            answer?.Dispose();
            answer = await TryAnswerAsync(request, path, route, query, cancellationToken).ConfigureAwait(false);
            if (answer.Status != 404)
            {
                return answer;
            }
        }

        return answer!;
    }

    private async Task<ClientAnswer> TryAnswerAsync(
        ClientRequest request, string path, RegistryRoute route, RequestQuery query, CancellationToken cancellationToken)
    {
        try
        {
            return await AnswerAsync(request, path, route, query, cancellationToken).ConfigureAwait(false);
        }
        catch (NotServedException e)
        {
            return e.ToAnswer();
        }
    }

    private async Task<ClientAnswer> AnswerAsync(
        ClientRequest request, string path, RegistryRoute route, RequestQuery query, CancellationToken cancellationToken)
    {
        if (route.Action == RegistryAction.Base)
        {
            return AnswerMaker.CreateJson(200, new JsonObject());
        }

        if (route.Action == RegistryAction.Catalogue)
        {
            return await ListRepositoriesAsync(path, query, cancellationToken).ConfigureAwait(false);
        }

        var name = new RequestedName(route.Prefix, route.Name, query.Registry);
        var answer = route.Action switch
        {
            RegistryAction.Tags => await ListTagsAsync(path, name, query, cancellationToken).ConfigureAwait(false),
            RegistryAction.Manifest => await GetManifestAsync(name, route.Reference, cancellationToken).ConfigureAwait(false),
            RegistryAction.Blob => await GetBlobAsync(request, name, route.Reference, cancellationToken).ConfigureAwait(false),
            _ => await ListReferrersAsync(path, name, route.Reference, query, cancellationToken).ConfigureAwait(false),
        };
        return answer ?? await DescribeMissingAsync(route, name, cancellationToken).ConfigureAwait(false);
    }

    private async Task<ClientAnswer> DescribeMissingAsync(RegistryRoute route, RequestedName name, CancellationToken cancellationToken)
    {
        if (!await images.HasRepositoryAsync(name, cancellationToken).ConfigureAwait(false))
        {
            return AnswerMaker.CreateError(404, "NAME_UNKNOWN", "There is no such repository.");
        }

        return route.Action == RegistryAction.Blob
            ? AnswerMaker.CreateError(404, "BLOB_UNKNOWN", "There is no such blob.")
            : AnswerMaker.CreateError(404, "MANIFEST_UNKNOWN", "There is no such manifest.");
    }

    private async Task<ClientAnswer> ListRepositoriesAsync(string path, RequestQuery query, CancellationToken cancellationToken)
    {
        var names = await images.ListRepositoriesAsync(cancellationToken).ConfigureAwait(false);
        if (query.Registry is { } registry)
        {
            var start = NameCandidates.HostPart(registry) + "/";
            names = names.Where(n => n.StartsWith(start, StringComparison.Ordinal)).Select(n => n.Substring(start.Length)).ToList();
        }

        var (page, hasMore) = NameOrder.Cut(names, query.Last, query.Count);
        var answer = AnswerMaker.CreateJson(200, new JsonObject { ["repositories"] = ListOf(page) });
        return hasMore ? answer.With("Link", LinkTo(path, query, page[page.Count - 1], page.Count)) : answer;
    }

    private async Task<ClientAnswer?> ListTagsAsync(string path, RequestedName name, RequestQuery query, CancellationToken cancellationToken)
    {
        if (await images.ListTagsAsync(name, cancellationToken).ConfigureAwait(false) is not { } tags)
        {
            return null;
        }

        var (page, hasMore) = NameOrder.Cut(tags, query.Last, query.Count);
        var answer = AnswerMaker.CreateJson(200, new JsonObject { ["name"] = name.Name, ["tags"] = ListOf(page) });
        return hasMore ? answer.With("Link", LinkTo(path, query, page[page.Count - 1], page.Count)) : answer;
    }

    private async Task<ClientAnswer?> GetManifestAsync(RequestedName name, string reference, CancellationToken cancellationToken) =>
        await images.FindManifestAsync(name, reference, cancellationToken).ConfigureAwait(false) is { } manifest
            ? AnswerMaker.Create(200, manifest.MediaType, manifest.Content).With("Docker-Content-Digest", manifest.Digest.ToString())
            : null;

    private async Task<ClientAnswer?> GetBlobAsync(ClientRequest request, RequestedName name, string reference, CancellationToken cancellationToken)
    {
        if (!Digest.TryParse(reference, out var digest, out _)
            || await images.FindBlobAsync(name, digest!, cancellationToken).ConfigureAwait(false) is not { } blob)
        {
            return null;
        }

        // A range has a meaning for GET alone (RFC 9110, 14.2).
        var range = request.IsHead || request.HasIfRange ? null : ByteRange.Read(request.Range, blob.Size);
        var size = blob.Size.ToString(CultureInfo.InvariantCulture);
        if (range is { IsEmpty: true })
        {
            return AnswerMaker.CreateError(416, "SIZE_INVALID", $"The blob has {size} bytes.").With("Content-Range", "bytes */" + size);
        }

        var part = range ?? new ByteRange(0, blob.Size);
        var content = request.IsHead || part.Length == 0 ? null : await blob.OpenAsync(part, cancellationToken).ConfigureAwait(false);
        var answer = AnswerMaker.Begin(new ClientAnswer(range is null ? 200 : 206) { Blob = content, Length = part.Length }, Bytes)
            .With("Docker-Content-Digest", reference)
            .With("Accept-Ranges", "bytes");
        return range is null ? answer : answer.With("Content-Range", $"bytes {range.First}-{range.First + range.Length - 1}/{size}");
    }

    private async Task<ClientAnswer?> ListReferrersAsync(
        string path, RequestedName name, string reference, RequestQuery query, CancellationToken cancellationToken)
    {
        if (!Digest.TryParse(reference, out var digest, out _))
        {
            return AnswerMaker.CreateError(400, "DIGEST_INVALID", "What speaks of a manifest is asked for by its digest.");
        }

        if (await images.ListReferrersAsync(name, digest!, cancellationToken).ConfigureAwait(false) is not { } found)
        {
            return null;
        }

        var (page, last) = ReferrerPage.Cut(found, query);
        var body = new JsonObject { ["schemaVersion"] = 2, ["mediaType"] = MediaTypes.OciIndex, ["manifests"] = page };
        var answer = AnswerMaker.CreateJson(200, body, MediaTypes.OciIndex);
        answer = query.ArtifactType is null ? answer : answer.With("OCI-Filters-Applied", "artifactType");
        return last is null ? answer : answer.With("Link", LinkTo(path, query, last, null));
    }

    private static JsonArray ListOf(IReadOnlyList<string> names) => [.. names.Select(n => (JsonNode)JsonValue.Create(n)!)];

    // The way the client came, with its query, and where the next page begins (RFC 5988).
    private static string LinkTo(string path, RequestQuery query, string last, int? count)
    {
        var parts = new List<string> { "last=" + Uri.EscapeDataString(last) };
        if (count is { } number)
        {
            parts.Insert(0, "n=" + (query.Count ?? number).ToString(CultureInfo.InvariantCulture));
        }

        if (query.ArtifactType is { } type)
        {
            parts.Add("artifactType=" + Uri.EscapeDataString(type));
        }

        if (query.Registry is { } registry)
        {
            parts.Add("ns=" + Uri.EscapeDataString(registry));
        }

        return $"<{path}?{string.Join("&", parts)}>; rel=\"next\"";
    }
}
