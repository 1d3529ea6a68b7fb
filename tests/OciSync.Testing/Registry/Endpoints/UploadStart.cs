using Microsoft.AspNetCore.Http;

namespace OciSync.Testing.Registry.Endpoints;

/// <summary>POST of an upload: mount, single request, or a new session.</summary>
internal sealed class UploadStart(RegistryCore core)
{
    private readonly UploadReceiver receiver = new(core);

    internal async Task PostAsync(HttpContext context, RegistryRoute route)
    {
        KnownRepository.Check(core.Dialect, route.Repository);
        var mount = context.Request.Query["mount"].ToString();
        if (mount.Length > 0 && TryMount(context, route.Repository, mount))
        {
            return;
        }

        var session = core.Uploads.Open(route.Repository);
        if (core.Dialect.SinglePost && context.Request.Query["digest"].ToString() is { Length: > 0 } digest)
        {
            await receiver.ReceiveAsync(context, session);
            await receiver.CommitAsync(context, session, digest);
            return;
        }

        UploadLocation.SetHeaders(core, context, session);
        context.SetEmpty(202);
    }

    private bool TryMount(HttpContext context, string repository, string digest)
    {
        var from = context.Request.Query["from"].ToString();
        if (from.Length == 0 && core.Dialect.MountWithoutFromFails)
        {
            throw new RegistryException(500, "UNKNOWN", "mount without from");
        }

        var isThere = from.Length > 0
            ? core.Repositories.Find(from)?.HasBlob(digest) == true
            : core.Dialect.MountWithoutFrom && core.Repositories.AnyHasBlob(digest);
        if (!core.Dialect.Mounts || !isThere)
        {
            return false;
        }

        core.Repositories.LinkBlob(repository, digest);
        context.Response.Headers.Location = UploadLocation.Make(core, context, $"/v2/{repository}/blobs/{digest}");
        context.Response.Headers["Docker-Content-Digest"] = digest;
        context.SetEmpty(201);
        return true;
    }
}
