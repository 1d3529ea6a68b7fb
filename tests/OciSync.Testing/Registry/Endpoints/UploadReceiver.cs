using System.Buffers;
using Microsoft.AspNetCore.Http;
using OciSync.Testing.Registry.Storage;

namespace OciSync.Testing.Registry.Endpoints;

/// <summary>Streams a body into an upload and completes uploads.</summary>
internal sealed class UploadReceiver(RegistryCore core)
{
    internal async Task ReceiveAsync(HttpContext context, UploadSession session)
    {
        var limit = core.Dialect.MaxUploadBody ?? long.MaxValue;
        CheckSize(context.Request.ContentLength ?? 0, limit);
        var buffer = ArrayPool<byte>.Shared.Rent(1 << 18);
        try
        {
            var received = 0L;
            while (await context.Request.Body.ReadAsync(buffer, context.RequestAborted) is > 0 and var count)
            {
                received += count;
                CheckSize(received, limit);
                await session.Buffer.WriteAsync(buffer.AsMemory(0, count), context.RequestAborted);
            }
        }
        catch (ObjectDisposedException)
        {
            // The session was cancelled by another request meanwhile.
            throw UploadUnknown();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    internal async Task CommitAsync(HttpContext context, UploadSession session, string digest)
    {
        if (!core.Uploads.TryRemove(session))
        {
            throw UploadUnknown();
        }

        await using (session)
        {
            if (!ContentDigest.IsWellFormed(digest) || (digest.StartsWith("sha256:", StringComparison.Ordinal) && digest != session.Buffer.Digest))
            {
                throw new RegistryException(400, "DIGEST_INVALID", "provided digest did not match uploaded content");
            }

            await StoreAsync(session, digest, context.RequestAborted);
        }

        context.Response.Headers.Location = UploadLocation.Make(core, context, $"/v2/{session.Repository}/blobs/{digest}");
        context.Response.Headers["Docker-Content-Digest"] = digest;
        context.SetEmpty(core.Dialect.UploadDoneStatus);
    }

    internal static RegistryException UploadUnknown() => new(404, "BLOB_UPLOAD_UNKNOWN", "blob upload unknown to registry");

    private async Task StoreAsync(UploadSession session, string digest, CancellationToken cancellationToken)
    {
        var sha256 = session.Buffer.Digest;
        if (core.Blobs.Find(sha256) is null)
        {
            await core.Blobs.AddAsync(sha256, session.Buffer);
        }

        if (digest != sha256)
        {
            await CheckOtherAsync(core.Blobs.Find(sha256)!, digest, cancellationToken);
        }

        core.Repositories.LinkBlob(session.Repository, sha256);
        core.Repositories.LinkBlob(session.Repository, digest);
    }

    private async Task CheckOtherAsync(BlobContent content, string digest, CancellationToken cancellationToken)
    {
        await using (var stream = content.OpenRead())
        {
            if (await ContentDigest.OfAsync(stream, digest, cancellationToken) != digest)
            {
                throw new RegistryException(400, "DIGEST_INVALID", "provided digest did not match uploaded content");
            }
        }

        core.Blobs.Add(digest, content);
    }

    private static void CheckSize(long size, long limit)
    {
        if (size > limit)
        {
            throw new RegistryException(413, "SIZE_INVALID", "the request body is too large")
            {
                PlainText = "<html><head><title>413 Request Entity Too Large</title></head></html>",
            };
        }
    }
}
