using Microsoft.AspNetCore.Http;
using OciSync.Testing.Registry.Storage;

namespace OciSync.Testing.Registry.Endpoints;

/// <summary>Reads and deletes manifests.</summary>
internal sealed class ManifestEndpoints(RegistryCore core)
{
    private const string OciIndex = "application/vnd.oci.image.index.v1+json";

    internal Task ReadAsync(HttpContext context, RegistryRoute route)
    {
        var manifest = core.Repositories.Find(route.Repository)?.FindManifest(route.Reference) ?? throw Unknown(route);
        if (core.Dialect.StrictAccept && manifest.MediaType == OciIndex
            && !context.Request.Headers.Accept.ToString().Contains(OciIndex, StringComparison.Ordinal))
        {
            throw new RegistryException(404, "MANIFEST_UNKNOWN", "OCI index found, but accept header does not support OCI indexes");
        }

        if (core.Dialect.DigestHeader)
        {
            context.Response.Headers["Docker-Content-Digest"] = manifest.Digest;
            context.Response.Headers.ETag = $"\"{manifest.Digest}\"";
        }

        if (context.Request.Headers.IfNoneMatch.ToString().Trim('"') == manifest.Digest)
        {
            context.Response.StatusCode = 304;
            return Task.CompletedTask;
        }

        return context.WriteBytesAsync(200, manifest.Bytes, manifest.MediaType);
    }

    internal Task DeleteAsync(HttpContext context, RegistryRoute route)
    {
        if (!core.Dialect.ManifestDelete)
        {
            throw new RegistryException(405, "UNSUPPORTED", "The operation is unsupported.");
        }

        if (!core.Dialect.TagDelete && !ContentDigest.IsWellFormed(route.Reference))
        {
            throw new RegistryException(400, "DIGEST_INVALID", "provided digest did not match uploaded content");
        }

        if (!core.Repositories.RemoveManifest(route.Repository, route.Reference))
        {
            throw Unknown(route);
        }

        context.SetEmpty(202);
        return Task.CompletedTask;
    }

    private RegistryException Unknown(RegistryRoute route) =>
        core.Repositories.Find(route.Repository) is null
            ? new RegistryException(404, "NAME_UNKNOWN", "repository name not known to registry")
            : new RegistryException(404, "MANIFEST_UNKNOWN", $"manifest unknown: {route.Reference}");
}
