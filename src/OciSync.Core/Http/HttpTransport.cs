using System.Net.Http;
using OciSync.Core.Certificates;
using OciSync.Core.Connections;
using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Polyfills;
using OciSync.Core.References;
using OciSync.Core.Tracing;

namespace OciSync.Core.Http;

/// <summary>
/// Sends requests to one registry and where it redirects them, through one pool of connections. Redirects are followed here, by
/// <see cref="RedirectRules"/>; failures of the transport come out as <see cref="OciException"/>.
/// </summary>
internal sealed class HttpTransport : IDisposable
{
    private const int Unknown = -1;

    private readonly HttpMessageInvoker _client;
    private readonly CertificateCheck _check;
    private readonly ProxyChoice _proxy;
    private readonly EngineOptions _options;
    private readonly string _host;
    private readonly string _name;
    private readonly bool _isLoopback;
    private readonly WireTap? _tap;
    private readonly ReadyConnections _ready;
    private volatile int _reach = Unknown;

    internal HttpTransport(
        string host, ConnectionSettings settings, bool insecure, EngineOptions options, EngineEvents? events = null, Stream? stream = null)
    {
        _tap = WireTap.For(events, options.Time);
        _host = host;
        (_name, _isLoopback) = (RegistryUris.HostOf(host).Trim('[', ']'), RegistryHost.IsLoopback(host));
        _options = options;
        _check = new CertificateCheck(host, settings.SkipCertificateCheck || insecure, TlsIdentity.Load(host, settings, options.Places));
        _proxy = ProxyChoice.For(settings.Proxy, options.Places);
        _ready = new ReadyConnections(options.Time);

        // What HttpClient does beyond it (a time limit, buffered bodies, default headers) is not wanted for any request.
        var checks = ChecksOf(_check, _ready);
        _client = new HttpMessageInvoker(stream is null ? HttpHandlers.Create(checks, _proxy) : HttpHandlers.CreateOn(stream, checks, _proxy));
    }

    /// <summary>The registry turned out to speak, or was said to speak, plain http.</summary>
    internal bool IsPlainHttp { get; set; }

    /// <summary>What the server's certificate said, or null.</summary>
    internal CertificateFacts? Certificate => _check.Facts;

    /// <summary>Whom our own certificate is for, or null without one.</summary>
    internal string? ClientSubject => _check.Client?.Subject;

    /// <summary>Which proxy is used.</summary>
    internal ProxyChoice Proxy => _proxy;

    /// <summary>Sends a request, follows its redirects and gives back the answer with its body unread.</summary>
    /// <param name="request">The request.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <param name="watch">Guards it; null for one of its own.</param>
    /// <param name="bodyAgain">Makes the body once more for where a redirect leads; null when there is none any more.</param>
    /// <param name="note">What is known of it, to be told; null for a first attempt without a login.</param>
    internal async Task<HttpAnswer> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken, StallWatch? watch = null, Func<HttpContent?>? bodyAgain = null, WireNote? note = null)
    {
        watch ??= CreateWatch(cancellationToken);
        var current = request;
        try
        {
            for (var hops = 0; ; hops++)
            {
                if (!IsOwn(current))
                {
                    await GuardAsync(current, cancellationToken).ConfigureAwait(false);
                }

                var response = await SendOnceAsync(current, watch, note ?? WireNote.First, cancellationToken).ConfigureAwait(false);
                if (Follow(current, response, bodyAgain, hops) is not { } next)
                {
                    return new HttpAnswer(response, current.RequestUri!, watch, _host)
                    {
                        Sent = current.Headers.Authorization,
                        Received = _options.Time.GetUtcNow(),
                    };
                }

                current = next;
            }
        }
        catch (Exception)
        {
            watch.Dispose();
            throw;
        }
    }

    internal StallWatch CreateWatch(CancellationToken cancellationToken) => new(_options.Time, _options.StallTimeout, cancellationToken);

    /// <summary>Ends its connections. The run that has used them doesn't wait: closing the first ones costs a new process several milliseconds.</summary>
    public void Dispose() => _ = Task.Run(() =>
    {
        _ready.Dispose();
        _client.Dispose();
    });

    /// <summary>Opens connections to a place that requests will follow to. Through a proxy none: that is near.</summary>
    internal void OpenAhead(Uri place, int count)
    {
        if (_proxy.Find(place) is null)
        {
            _ready.Open(place.IdnHost, place.Port, count);
        }
    }

    // The request to where an answer points; null when it is no redirect, or none that can be followed, and the answer counts.
    private HttpRequestMessage? Follow(HttpRequestMessage current, HttpResponseMessage response, Func<HttpContent?>? bodyAgain, int hops)
    {
        if (!RedirectRules.IsRedirect(response.StatusCode))
        {
            return null;
        }

        var uri = current.RequestUri!;
        var body = current.Content is not null && RedirectRules.KeepsBody(response.StatusCode) ? bodyAgain?.Invoke() : null;
        if ((current.Content is not null && body is null) || !TryFindTarget(response, uri, out var target))
        {
            return null;
        }

        response.Dispose();
        if ((hops == RedirectRules.MaxRedirects ? "there are too many" : RedirectRules.FindFault(uri, target!)) is { } fault)
        {
            throw new OciException(OciErrorKind.ProtocolError, $"A redirect of '{_host}' was not followed: {fault}.");
        }

        return Redirect(current, uri, target!, body);
    }

    private bool IsOwn(HttpRequestMessage request) =>
        _isLoopback || string.Equals(_name, request.RequestUri!.Host.Trim('[', ']'), StringComparison.OrdinalIgnoreCase);

    // Another host than the registry's may have any name: it may not lead to this machine or this wire, unless the registry is there itself.
    private async Task GuardAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (_reach == Unknown)
        {
            _reach = (int)await HostReach.FindAsync(RegistryUris.HostOf(_host), innermost: false, _options.Resolve, cancellationToken).ConfigureAwait(false);
        }

        if (_reach > (int)AddressReach.LinkLocal)
        {
            ConnectGuard.SetDefault(request, AddressReach.Private);
        }
    }

    private async Task<HttpResponseMessage> SendOnceAsync(HttpRequestMessage request, StallWatch watch, WireNote note, CancellationToken cancellationToken)
    {
        request.Headers.TryAddWithoutValidation("User-Agent", _options.UserAgent);
        request.Headers.TryAddWithoutValidation("Accept-Encoding", "identity");
        var started = _tap?.Start() ?? 0;
        watch.Arm();
        try
        {
            var response = await _client.SendAsync(request, watch.Token).ConfigureAwait(false);
            _check.IsProven = true;
            _tap?.Tell(request, started, note, response, null);
            return response;
        }
        catch (Exception e)
        {
            var failure = TransportFailure.From(e, _host, watch, _check, cancellationToken, _proxy.FindName(request.RequestUri!));
            if (failure is OciException { InnerException: { } cause } own && ReferenceEquals(cause, e))
            {
                failure = own.With(noAnswerFrom: _host);
            }

            _tap?.Tell(request, started, note, null, failure);
            throw failure;
        }
        finally
        {
            watch.Disarm();
        }
    }

    private static bool TryFindTarget(HttpResponseMessage response, Uri origin, out Uri? target)
    {
        target = null;
        if (RawHeaders.FindLocation(response) is not { } location)
        {
            return false;
        }

        try
        {
            target = RegistryUris.Resolve(origin, location);
            return true;
        }
        catch (UriFormatException)
        {
            // No usable target: the caller sees the redirect's status itself.
            return false;
        }
    }

    private static HttpRequestMessage Redirect(HttpRequestMessage request, Uri from, Uri target, HttpContent? body)
    {
        var next = new HttpRequestMessage(request.Method, target) { Content = body };
        foreach (var header in request.Headers)
        {
            if (header.Key != "Authorization" || RedirectRules.KeepsAuthorization(from, target))
            {
                next.Headers.TryAddWithoutValidation(header.Key, header.Value);
            }
        }

        ConnectGuard.Copy(request, next);
        return next;
    }

    private static ConnectionChecks ChecksOf(CertificateCheck check, ReadyConnections ready) => new()
    {
        Client = check.Client,
        Choose = check.Choose,
        Validate = check.Validate,
        GuardAddress = ConnectGuard.Check,
        TakeReady = ready.TryTakeAsync,
    };
}
