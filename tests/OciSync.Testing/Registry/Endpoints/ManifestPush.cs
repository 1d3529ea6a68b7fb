using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using OciSync.Testing.Registry.Storage;

namespace OciSync.Testing.Registry.Endpoints;

/// <summary>Takes manifests in, after all that can be said against them.</summary>
internal sealed class ManifestPush(RegistryCore core)
{
    private const int MaxBytes = 4 << 20;

    internal async Task PutAsync(HttpContext context, RegistryRoute route)
    {
        KnownRepository.Check(core.Dialect, route.Repository);
        var bytes = await ReadAsync(context);
        var manifest = Parse(context, bytes, route);
        CheckRefusals(manifest);
        CheckReferences(route.Repository, manifest);
        var tag = ContentDigest.IsWellFormed(route.Reference) ? null : route.Reference;
        CheckImmutable(route.Repository, tag, manifest.Digest);
        core.Repositories.PutManifest(route.Repository, manifest, tag);
        if (tag is null && core.Dialect.TagParameters)
        {
            TakeTags(context, route.Repository, manifest);
        }

        context.Response.Headers["Docker-Content-Digest"] = manifest.Digest;
        context.Response.Headers.Location = UploadLocation.Make(core, context, $"/v2/{route.Repository}/manifests/{manifest.Digest}");
        if (manifest.View.Subject is { } subject && core.Dialect.Referrers)
        {
            context.Response.Headers["OCI-Subject"] = subject;
        }

        context.SetEmpty(201);
    }

    private void TakeTags(HttpContext context, string repository, StoredManifest manifest)
    {
        var tags = context.Request.Query["tag"].OfType<string>().ToList();
        foreach (var tag in tags)
        {
            CheckImmutable(repository, tag, manifest.Digest);
        }

        tags.ForEach(tag => core.Repositories.PutManifest(repository, manifest, tag));
        context.Response.Headers["OCI-Tag"] = new Microsoft.Extensions.Primitives.StringValues([.. tags]);
    }

    private static async Task<byte[]> ReadAsync(HttpContext context)
    {
        using var buffer = new MemoryStream();
        var part = new byte[1 << 16];
        while (await context.Request.Body.ReadAsync(part, context.RequestAborted) is > 0 and var count)
        {
            buffer.Write(part, 0, count);
            if (buffer.Length > MaxBytes)
            {
                throw new RegistryException(413, "SIZE_INVALID", "the manifest is larger than 4 MiB");
            }
        }

        return buffer.ToArray();
    }

    private StoredManifest Parse(HttpContext context, byte[] bytes, RegistryRoute route)
    {
        ManifestView view;
        try
        {
            view = ManifestView.Parse(bytes);
        }
        catch (JsonException exception)
        {
            throw Invalid(exception.Message);
        }

        var contentType = (context.Request.ContentType ?? "").Split(';')[0].Trim();
        if (contentType.Length == 0 || (view.MediaType is not null && view.MediaType != contentType))
        {
            throw Invalid($"the Content-Type '{contentType}' is not the manifest's mediaType '{view.MediaType}'");
        }

        if (view.IsAmbiguous)
        {
            throw Invalid("the manifest has layers and manifests");
        }

        var digest = ContentDigest.Of(bytes);
        if (route.Reference.StartsWith("sha512:", StringComparison.Ordinal) && core.Dialect.Sha512Manifests)
        {
            digest = ContentDigest.FromHash("sha512", System.Security.Cryptography.SHA512.HashData(bytes));
        }

        if (ContentDigest.IsWellFormed(route.Reference) && route.Reference != digest)
        {
            throw new RegistryException(400, "DIGEST_INVALID", "provided digest did not match uploaded content");
        }

        return new StoredManifest(digest, contentType, bytes, view);
    }

    private void CheckRefusals(StoredManifest manifest)
    {
        if (core.Dialect.RefusedMediaTypes.Contains(manifest.MediaType))
        {
            throw Invalid($"manifest type unsupported: {manifest.MediaType}");
        }

        var isAttestation = Encoding.UTF8.GetString(manifest.Bytes).Contains("application/vnd.in-toto+json", StringComparison.Ordinal);
        if ((core.Dialect.RefuseEmptyType && manifest.View.NamesEmptyConfig) || (core.Dialect.RefuseAttestations && isAttestation))
        {
            throw Invalid("unknown manifest class for application/vnd.oci.empty.v1+json");
        }
    }

    private void CheckReferences(string name, StoredManifest manifest)
    {
        var repository = core.Repositories.Find(name);
        if (manifest.View.Blobs.FirstOrDefault(digest => repository?.HasBlob(digest) != true) is { } blob)
        {
            throw new RegistryException(core.Dialect.MissingChildStatus, "MANIFEST_BLOB_UNKNOWN", $"blob unknown to registry: {blob}");
        }

        if (!core.Dialect.SparseIndexes && manifest.View.Children.FirstOrDefault(digest => repository?.FindManifest(digest) is null) is { } child)
        {
            var code = core.Dialect.MissingChildStatus == 404 ? "MANIFEST_UNKNOWN" : "MANIFEST_BLOB_UNKNOWN";
            throw new RegistryException(core.Dialect.MissingChildStatus, code, $"manifest unknown to registry: {child}");
        }
    }

    private void CheckImmutable(string name, string? tag, string digest)
    {
        if (core.Dialect.ImmutableTags is not { } status || tag is null)
        {
            return;
        }

        var old = core.Repositories.Find(name)?.DigestOfTag(tag);
        if (old is not null && old != digest)
        {
            throw status == 412
                ? new RegistryException(412, "PRECONDITION", $"Failed to process request due to '{name}:{tag}' configured as immutable.")
                : new RegistryException(status, "TAG_IMMUTABLE", $"the tag '{tag}' is immutable");
        }
    }

    private static RegistryException Invalid(string message) => new(400, "MANIFEST_INVALID", message);
}
