using System.Globalization;
using Microsoft.AspNetCore.Http;
using OciSync.Testing.Registry.Storage;

namespace OciSync.Testing.Registry.Endpoints;

/// <summary>PATCH, PUT, GET and DELETE of an open upload.</summary>
internal sealed class UploadEndpoints(RegistryCore core)
{
    private readonly UploadReceiver receiver = new(core);

    internal async Task PatchAsync(HttpContext context, RegistryRoute route)
    {
        Refuse(core.Dialect.RefusePatch);
        var session = FindCurrent(context, route);
        using (await session.EnterAsync(context.RequestAborted))
        {
            CheckOrder(context, session);
            await ReceiveAsync(context, session);
            UploadLocation.SetHeaders(core, context, session);
            context.SetEmpty(core.Dialect.PatchStatus);
        }
    }

    internal async Task PutAsync(HttpContext context, RegistryRoute route)
    {
        var session = FindCurrent(context, route);
        using (await session.EnterAsync(context.RequestAborted))
        {
            if (session.Buffer.Length == 0 && (context.Request.ContentLength ?? 1) > 0)
            {
                Refuse(core.Dialect.RefuseMonolithicPut);
            }

            CheckOrder(context, session);
            await ReceiveAsync(context, session);
            await receiver.CommitAsync(context, session, context.Request.Query["digest"].ToString());
        }
    }

    internal Task StatusAsync(HttpContext context, RegistryRoute route)
    {
        CheckStatusSupport();
        UploadLocation.SetHeaders(core, context, Find(route));
        context.SetEmpty(204);
        return Task.CompletedTask;
    }

    internal async Task CancelAsync(HttpContext context, RegistryRoute route)
    {
        CheckStatusSupport();
        var session = Find(route);
        if (!core.Uploads.TryRemove(session))
        {
            throw UploadReceiver.UploadUnknown();
        }

        await session.DisposeAsync();
        context.SetEmpty(204);
    }

    private async Task ReceiveAsync(HttpContext context, UploadSession session)
    {
        var isWhole = false;
        try
        {
            await receiver.ReceiveAsync(context, session);
            isWhole = true;
        }
        finally
        {
            if (!isWhole && core.Dialect.CutPatchEndsSession && core.Uploads.TryRemove(session))
            {
                await session.DisposeAsync();
            }
        }
    }

    private UploadSession Find(RegistryRoute route) =>
        core.Uploads.Find(route.Repository, route.Reference) ?? throw UploadReceiver.UploadUnknown();

    private UploadSession FindCurrent(HttpContext context, RegistryRoute route)
    {
        var session = Find(route);
        return !core.Dialect.StatefulLocation || context.Request.Query["_state"].ToString() == session.State
            ? session
            : throw new RegistryException(404, "BLOB_UPLOAD_INVALID", "the location of this upload is out of date");
    }

    private void CheckOrder(HttpContext context, UploadSession session)
    {
        var range = context.Request.Headers.ContentRange.ToString();
        if (range.Length == 0 || !core.Dialect.RejectOutOfOrder)
        {
            return;
        }

        var start = range.Split('-')[0];
        if (start.StartsWith("bytes", StringComparison.OrdinalIgnoreCase)
            || !long.TryParse(start, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            || value != session.Buffer.Length)
        {
            UploadLocation.SetHeaders(core, context, session);
            throw new RegistryException(416, "BLOB_UPLOAD_INVALID", $"expected a chunk that starts at {session.Buffer.Length}");
        }
    }

    private void CheckStatusSupport()
    {
        if (!core.Dialect.UploadStatus)
        {
            throw new RegistryException(400, "METHOD_UNKNOWN", "We don't understand your method + url");
        }
    }

    private static void Refuse(int? status)
    {
        if (status is { } value)
        {
            throw new RegistryException(value, "UNSUPPORTED", "The operation is unsupported.");
        }
    }
}
