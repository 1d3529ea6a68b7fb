using Microsoft.AspNetCore.Http;

namespace OciSync.Testing.Registry.Endpoints;

/// <summary>Finds the endpoint for a method and a path.</summary>
internal sealed class EndpointTable(RegistryCore core)
{
    private readonly ManifestEndpoints manifests = new(core);
    private readonly ManifestPush manifestPush = new(core);
    private readonly BlobEndpoints blobs = new(core);
    private readonly UploadStart uploadStart = new(core);
    private readonly UploadEndpoints uploads = new(core);
    private readonly ListEndpoints lists = new(core);
    private readonly ReferrersEndpoint referrers = new(core);

    internal Task HandleAsync(HttpContext context, RegistryRoute route)
    {
        CheckReference(route);
        return (context.Request.Method, route.Kind) switch
        {
            ("GET" or "HEAD", RouteKind.Base) => HandleBaseAsync(context),
            ("GET", RouteKind.Catalog) => lists.CatalogAsync(context),
            ("GET", RouteKind.Tags) => lists.TagsAsync(context, route),
            ("GET" or "HEAD", RouteKind.Manifest) => manifests.ReadAsync(context, route),
            ("PUT", RouteKind.Manifest) => manifestPush.PutAsync(context, route),
            ("DELETE", RouteKind.Manifest) => manifests.DeleteAsync(context, route),
            ("GET" or "HEAD", RouteKind.Blob) => blobs.ReadAsync(context, route),
            ("DELETE", RouteKind.Blob) => blobs.DeleteAsync(context, route),
            ("POST", RouteKind.Uploads) => uploadStart.PostAsync(context, route),
            ("PATCH", RouteKind.Upload) => uploads.PatchAsync(context, route),
            ("PUT", RouteKind.Upload) => uploads.PutAsync(context, route),
            ("GET", RouteKind.Upload) => uploads.StatusAsync(context, route),
            ("DELETE", RouteKind.Upload) => uploads.CancelAsync(context, route),
            ("GET", RouteKind.Referrers) => referrers.ListAsync(context, route),
            (_, RouteKind.Unknown) => throw NotFound(),
            _ => throw new RegistryException(405, "UNSUPPORTED", "The operation is unsupported."),
        };
    }

    internal static RegistryException NotFound() => new(404, "NOT_FOUND", "page not found") { PlainText = "404 page not found\n" };

    private static Task HandleBaseAsync(HttpContext context)
    {
        if (context.Request.Path == "/v2")
        {
            context.Response.Headers.Location = "/v2/";
            context.SetEmpty(301);
            return Task.CompletedTask;
        }

        context.Response.Headers["Docker-Distribution-Api-Version"] = "registry/2.0";
        return context.WriteBytesAsync(200, "{}"u8.ToArray(), "application/json");
    }

    private static void CheckReference(RegistryRoute route)
    {
        if (route.Repository.Length > 255)
        {
            throw new RegistryException(400, "NAME_INVALID", "invalid repository name");
        }

        var isDigest = ContentDigest.IsWellFormed(route.Reference);
        if (route.Kind is RouteKind.Blob or RouteKind.Referrers && !isDigest)
        {
            throw new RegistryException(400, "DIGEST_INVALID", "provided digest did not match uploaded content");
        }

        if (route.Kind == RouteKind.Manifest && !isDigest && !TagName.IsValid(route.Reference))
        {
            throw route.Reference.Contains(':')
                ? new RegistryException(400, "DIGEST_INVALID", "the digest is malformed")
                : NotFound();
        }
    }
}
