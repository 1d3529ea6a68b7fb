using System.IO.Compression;
using Microsoft.AspNetCore.Http;
using OciSync.Testing.Registry;
using OciSync.Testing.Registry.Faults;

namespace OciSync.Testing.Servers;

/// <summary>A proxy before a server, a real one for instance, at which things go wrong.</summary>
public sealed class FaultProxy : IAsyncDisposable
{
    private static readonly HashSet<string> NotForwarded = new(StringComparer.OrdinalIgnoreCase)
    {
        "Host", "Connection", "Transfer-Encoding", "Keep-Alive", "Expect", "Content-Length",
    };

    private readonly HttpClient client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, UseCookies = false })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    private readonly Uri target;
    private readonly Func<HttpRequest, Fault?>? choose;
    private LoopbackServer? server;

    private FaultProxy(Uri target, Func<HttpRequest, Fault?>? choose)
    {
        this.target = target;
        this.choose = choose;
    }

    /// <summary>What is to go wrong.</summary>
    public FaultList Faults { get; } = new();

    /// <summary>Host and port.</summary>
    public string Address => $"127.0.0.1:{server?.Port}";

    /// <summary>Starts one.</summary>
    /// <param name="target">The server behind it.</param>
    /// <param name="choose">Gives a fault for a request that none of the list strikes.</param>
    public static async Task<FaultProxy> StartAsync(Uri target, Func<HttpRequest, Fault?>? choose = null)
    {
        var proxy = new FaultProxy(target, choose);
        proxy.server = await LoopbackServer.StartAsync(new RegistryOptions(), proxy.HandleAsync);
        return proxy;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        Faults.Clear();
        if (server is not null)
        {
            await server.DisposeAsync();
        }

        client.Dispose();
    }

    private async Task HandleAsync(HttpContext context)
    {
        var bodies = new BodyPair(
            new BodyStream(context.Request.Body, static _ => { }, null, context.RequestAborted),
            new BodyStream(context.Response.Body, static _ => { }, null, context.RequestAborted));
        context.Request.Body = bodies.Request;
        context.Response.Body = bodies.Response;
        var fault = Faults.Take(context.Request, beforeAuthorization: false) ?? choose?.Invoke(context.Request);
        try
        {
            if (!await FaultRunner.RunAsync(fault, context, bodies))
            {
                await ForwardAsync(context, fault?.Action.Kind);
            }
        }
        catch (Exception e) when (e is IOException or HttpRequestException or OperationCanceledException or BadHttpRequestException)
        {
            // Whatever end it was, the other side sees the connection end. A length that isn't reached tells by itself, after what was sent.
            if (!context.Response.HasStarted || context.Response.ContentLength is null)
            {
                context.Abort();
            }
        }
    }

    private async Task ForwardAsync(HttpContext context, FaultKind? fault)
    {
        using var request = Copy(context.Request, fault);
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, context.RequestAborted);
        if (fault == FaultKind.LoseAnswer)
        {
            throw new FaultCutException();
        }

        var response = context.Response;
        response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers).Where(h => !NotForwarded.Contains(h.Key)))
        {
            response.Headers[name] = values.ToArray();
        }

        if (fault == FaultKind.Encode)
        {
            response.Headers.ContentEncoding = "gzip";
            await using var packed = new GZipStream(response.Body, CompressionLevel.Fastest, leaveOpen: true);
            await answer.Content.CopyToAsync(packed, context.RequestAborted);
            return;
        }

        if (response.StatusCode is not (204 or 304))
        {
            response.ContentLength = answer.Content.Headers.ContentLength;
        }

        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await answer.Content.CopyToAsync(response.Body, context.RequestAborted);
        }
    }

    private HttpRequestMessage Copy(HttpRequest from, FaultKind? fault)
    {
        var request = new HttpRequestMessage(new HttpMethod(from.Method), new Uri(target, from.Path.ToUriComponent() + from.QueryString.ToUriComponent()));
        request.Headers.Host = from.Host.Value;
        if (from.ContentLength is { } length)
        {
            request.Content = new StreamContent(from.Body) { Headers = { ContentLength = length } };
        }

        foreach (var (name, values) in from.Headers.Where(h => !NotForwarded.Contains(h.Key)))
        {
            if (!request.Headers.TryAddWithoutValidation(name, values.ToArray()))
            {
                request.Content?.Headers.TryAddWithoutValidation(name, values.ToArray());
            }
        }

        if (from.Headers.Range.Count > 0 && fault is FaultKind.ShiftRange or FaultKind.DropRange)
        {
            var first = long.Parse(from.Headers.Range.ToString()["bytes=".Length..].Split('-')[0], System.Globalization.CultureInfo.InvariantCulture);
            request.Headers.Remove("Range");
            request.Headers.Range = fault == FaultKind.ShiftRange ? new System.Net.Http.Headers.RangeHeaderValue(Math.Max(0, first - 7), null) : null;
        }

        return request;
    }
}
