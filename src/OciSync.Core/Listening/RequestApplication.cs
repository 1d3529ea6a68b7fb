using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;
using OciSync.Core.Distribution;
using OciSync.Core.Errors;
using OciSync.Core.Images;

namespace OciSync.Core.Listening;

/// <summary>
/// Takes requests from Kestrel and sends the answers. An answer that breaks off in its body cuts the connection: it never ends cleanly and
/// short.
/// </summary>
/// <param name="answer">Answers a request.</param>
/// <param name="onSent">Told of each answer when it has ended.</param>
internal sealed class RequestApplication(
    Func<ClientRequest, CancellationToken, Task<ClientAnswer>> answer, Action<ClientRequest, SentAnswer> onSent) : IHttpApplication<IFeatureCollection>
{
    private const int BufferSize = 64 * 1024;

    public IFeatureCollection CreateContext(IFeatureCollection contextFeatures) => contextFeatures;

    public void DisposeContext(IFeatureCollection context, Exception exception)
    {
    }

    public async Task ProcessRequestAsync(IFeatureCollection context)
    {
        var clock = Stopwatch.StartNew();
        var request = Read(context);
        var lifetime = context.Get<IHttpRequestLifetimeFeature>();
        var sent = new Progress();
        string? fault = null;
        var isCut = false;
        try
        {
            using var found = await answer(request, lifetime.RequestAborted).ConfigureAwait(false);
            fault = found.Fault;
            await SendAsync(request, found, context.Get<IHttpResponseFeature>(), sent, lifetime.RequestAborted).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // Whatever it was, the client must not take what it got for the whole.
            fault = lifetime.RequestAborted.IsCancellationRequested ? fault : e is OciException ? e.Message : e.ToString();
            isCut = true;
        }

        // Whoever sees the connection cut finds the answer in the log.
        onSent(request, new SentAnswer(sent.Status, sent.Bytes, clock.Elapsed, sent.IsWhole, fault));
        if (isCut)
        {
            lifetime.Abort();
        }
    }

    private static ClientRequest Read(IFeatureCollection context)
    {
        var request = context.Get<IHttpRequestFeature>();
        string? Header(string name) => request.Headers.TryGetValue(name, out var value) && value.Count > 0 ? value.ToString() : null;
        return new ClientRequest(request.Method, request.RawTarget)
        {
            Host = Header("Host"),
            Range = Header("Range"),
            HasIfRange = Header("If-Range") is not null,
            Authorization = Header("Authorization"),
            UserAgent = Header("User-Agent"),
            Client = context.Get<IHttpConnectionFeature>()?.RemoteIpAddress?.ToString() ?? string.Empty,
        };
    }

    private static async Task SendAsync(
        ClientRequest request, ClientAnswer found, IHttpResponseFeature response, Progress sent, CancellationToken cancellationToken)
    {
        sent.Status = response.StatusCode = found.Status;
        foreach (var header in found.Headers)
        {
            response.Headers[header.Key] = header.Value;
        }

        response.Headers["Content-Length"] = found.Length.ToString(CultureInfo.InvariantCulture);
        if (!request.IsHead && found.Content is { } content)
        {
            await response.Body.WriteAsync(content, 0, content.Length, cancellationToken).ConfigureAwait(false);
            sent.Bytes = content.Length;
        }
        else if (!request.IsHead && found.Blob is { } blob)
        {
            await PumpAsync(blob, found.Length, response.Body, sent, cancellationToken).ConfigureAwait(false);
        }

        sent.IsWhole = true;
    }

    private static async Task PumpAsync(IBlobContent blob, long length, Stream body, Progress sent, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            while (sent.Bytes < length)
            {
                var count = (int)Math.Min(buffer.Length, length - sent.Bytes);
                var read = await blob.ReadAsync(buffer, 0, count, cancellationToken).ConfigureAwait(false);
                if (read == 0)
                {
                    throw new OciException(OciErrorKind.StorageFailed, $"A blob ended after {sent.Bytes} of {length} bytes.");
                }

                await body.WriteAsync(buffer, 0, read, cancellationToken).ConfigureAwait(false);
                sent.Bytes += read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private sealed class Progress
    {
        internal int Status { get; set; }

        internal long Bytes { get; set; }

        internal bool IsWhole { get; set; }
    }
}
