using System.Buffers;
using Microsoft.AspNetCore.Http;
using OciSync.Testing.Registry.Storage;

namespace OciSync.Testing.Registry.Endpoints;

/// <summary>Reads and deletes blobs.</summary>
internal sealed class BlobEndpoints(RegistryCore core)
{
    internal async Task ReadAsync(HttpContext context, RegistryRoute route)
    {
        var blob = Find(route);
        var isHead = HttpMethods.IsHead(context.Request.Method);
        if (!isHead && !blob.IsReadable)
        {
            throw new RegistryException(404, "BLOB_UNKNOWN", "the content of this blob was discarded");
        }

        var headers = context.Response.Headers;
        headers["Docker-Content-Digest"] = route.Reference;
        headers.ETag = $"\"{route.Reference}\"";
        context.Response.ContentType = "application/octet-stream";
        var (start, length) = (0L, blob.Length);
        if (core.Dialect.BlobRanges)
        {
            headers.AcceptRanges = "bytes";
            if (context.Request.Headers.Range.ToString() is { Length: > 0 } range && ByteRange.TryParse(range, blob.Length) is { } wanted)
            {
                (start, length) = SetPartial(context, wanted, blob.Length);
            }
        }

        context.Response.ContentLength = length;
        if (!isHead)
        {
            await CopyAsync(blob, start, length, context);
        }
    }

    internal Task DeleteAsync(HttpContext context, RegistryRoute route)
    {
        if (!core.Repositories.UnlinkBlob(route.Repository, route.Reference))
        {
            throw Unknown(route);
        }

        if (!core.Repositories.AnyHasBlob(route.Reference))
        {
            core.Blobs.Remove(route.Reference);
        }

        context.SetEmpty(202);
        return Task.CompletedTask;
    }

    private BlobContent Find(RegistryRoute route) =>
        core.Repositories.Find(route.Repository)?.HasBlob(route.Reference) == true && core.Blobs.Find(route.Reference) is { } blob
            ? blob
            : throw Unknown(route);

    private static RegistryException Unknown(RegistryRoute route) => new(404, "BLOB_UNKNOWN", $"blob unknown to registry: {route.Reference}");

    private static (long Start, long Length) SetPartial(HttpContext context, ByteRange range, long total)
    {
        if (range.Start >= total)
        {
            throw new RegistryException(416, "UNKNOWN", "the range is outside of the blob") { Headers = { ["Content-Range"] = $"bytes */{total}" } };
        }

        context.Response.StatusCode = 206;
        context.Response.Headers.ContentRange = $"bytes {range.Start}-{range.End}/{total}";
        return (range.Start, range.End - range.Start + 1);
    }

    private static async Task CopyAsync(BlobContent blob, long start, long length, HttpContext context)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(1 << 18);
        try
        {
            await using var stream = blob.OpenRead();
            stream.Position = start;
            while (length > 0)
            {
                var count = await stream.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, length)), context.RequestAborted);
                if (count == 0)
                {
                    throw new EndOfStreamException("A stored blob is shorter than it was.");
                }

                await context.Response.Body.WriteAsync(buffer.AsMemory(0, count), context.RequestAborted);
                length -= count;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
