using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using OciSync.Testing.Registry.Storage;

namespace OciSync.Testing.Registry.Endpoints;

/// <summary>The manifests whose subject is a given one.</summary>
internal sealed class ReferrersEndpoint(RegistryCore core)
{
    private const string OciIndex = "application/vnd.oci.image.index.v1+json";

    internal Task ListAsync(HttpContext context, RegistryRoute route)
    {
        if (!core.Dialect.Referrers)
        {
            throw core.Dialect.NoReferrersStatus == 404
                ? EndpointTable.NotFound()
                : new RegistryException(core.Dialect.NoReferrersStatus, "UNSUPPORTED", "no such API");
        }

        var type = context.Request.Query["artifactType"].ToString();
        var found = (core.Repositories.Find(route.Repository)?.Manifests() ?? [])
            .Where(manifest => manifest.View.Subject == route.Reference && (type.Length == 0 || manifest.View.ArtifactType == type))
            .OrderBy(manifest => manifest.Digest, StringComparer.Ordinal).ToList();
        if (type.Length > 0)
        {
            context.Response.Headers["OCI-Filters-Applied"] = "artifactType";
        }

        var body = new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = OciIndex,
            ["manifests"] = new JsonArray([.. Page(context, found).Select(Describe)]),
        };
        return context.WriteJsonAsync(200, body, OciIndex);
    }

    private List<StoredManifest> Page(HttpContext context, List<StoredManifest> all)
    {
        var last = context.Request.Query["last"].ToString();
        var rest = all.FindAll(manifest => string.CompareOrdinal(manifest.Digest, last) > 0);
        var page = rest.Take(core.Dialect.ReferrersPageSize ?? int.MaxValue).ToList();
        if (page.Count < rest.Count)
        {
            context.Response.Headers.Link = $"<{context.Request.Path.ToUriComponent()}?last={page[^1].Digest}>; rel=\"next\"";
        }

        return page;
    }

    private static JsonObject Describe(StoredManifest manifest)
    {
        var descriptor = new JsonObject
        {
            ["mediaType"] = manifest.MediaType,
            ["digest"] = manifest.Digest,
            ["size"] = manifest.Bytes.Length,
        };
        if (manifest.View.ArtifactType is { } type)
        {
            descriptor["artifactType"] = type;
        }

        if (manifest.View.Annotations is { } annotations)
        {
            descriptor["annotations"] = annotations.DeepClone();
        }

        return descriptor;
    }
}
