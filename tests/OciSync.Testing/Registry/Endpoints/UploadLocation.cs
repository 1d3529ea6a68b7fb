using Microsoft.AspNetCore.Http;
using OciSync.Testing.Registry.Storage;

namespace OciSync.Testing.Registry.Endpoints;

/// <summary>Location headers in the registry's dialect.</summary>
internal static class UploadLocation
{
    internal static string Make(RegistryCore core, HttpContext context, string path) =>
        core.Dialect.AbsoluteLocation ? $"{context.Request.Scheme}://{context.Request.Host}{path}" : path;

    internal static string Make(RegistryCore core, HttpContext context, UploadSession session)
    {
        session.Advance();
        var state = core.Dialect.StatefulLocation ? "?_state=" + session.State : "";
        return Make(core, context, $"/v2/{session.Repository}/blobs/uploads/{session.Id}{state}");
    }

    /// <summary>The headers that describe where an upload is.</summary>
    internal static void SetHeaders(RegistryCore core, HttpContext context, UploadSession session)
    {
        context.Response.Headers.Location = Make(core, context, session);
        context.Response.Headers["Docker-Upload-UUID"] = session.Id;
        context.Response.Headers.Range = $"0-{Math.Max(0, session.Buffer.Length - 1)}";
        if (core.Dialect.ChunkMinimum is { } minimum)
        {
            context.Response.Headers["OCI-Chunk-Min-Length"] = minimum.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }
    }
}
