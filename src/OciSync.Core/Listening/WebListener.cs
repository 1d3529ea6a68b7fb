using System.Net;
using System.Security.Authentication;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.AspNetCore.Server.Kestrel.Https.Internal;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;
using OciSync.Core.Distribution;
using OciSync.Core.Errors;

namespace OciSync.Core.Listening;

/// <summary>A server that listens on one address: Kestrel, with HTTP/1.1, plain or by TLS. Its room alone sees Kestrel.</summary>
internal sealed class WebListener : IDisposable
{
    private const int LongestRequestLine = 8 * 1024;
    private const int LongestHeaders = 32 * 1024;
    private const int MostHeaders = 100;

    // Of what is encrypted: several parts of an answer, the next one is read while the one before is sent.
    private const int ResponseBuffer = 256 * 1024;

    private readonly KestrelServer _server;

    private WebListener(KestrelServer server) => _server = server;

    /// <summary>The port it listens on.</summary>
    internal int Port { get; private set; }

    /// <summary>Starts to listen.</summary>
    /// <param name="settings">Where, and what is allowed.</param>
    /// <param name="answer">Answers a request; called by several threads at once.</param>
    /// <param name="onSent">Told of each answer when it has ended.</param>
    /// <param name="onMessage">Told of warnings of the server itself.</param>
    /// <param name="cancellationToken">Ends the start, not the server.</param>
    /// <exception cref="OciException">The address or port can't be listened on.</exception>
    internal static async Task<WebListener> StartAsync(
        ListenerSettings settings,
        Func<ClientRequest, CancellationToken, Task<ClientAnswer>> answer,
        Action<ClientRequest, SentAnswer> onSent,
        Action<string> onMessage,
        CancellationToken cancellationToken)
    {
        // That it can't start is told by the failure.
        var isStarted = false;
        var messages = new KestrelMessages(text => (isStarted ? onMessage : _ => { })(text));
        var transport = new SocketTransportFactory(Options.Create(new SocketTransportOptions()), new NoApplicationLifetime(), messages);
        var listener = new WebListener(new KestrelServer(Options.Create(CreateOptions(settings)), transport, messages));
        try
        {
            await listener._server.StartAsync(new RequestApplication(answer, onSent), cancellationToken).ConfigureAwait(false);
            var address = listener._server.Features.Get<IServerAddressesFeature>().Addresses.First();
            isStarted = true;
            listener.Port = int.Parse(address.Substring(address.LastIndexOf(':') + 1), System.Globalization.CultureInfo.InvariantCulture);
            return listener;
        }
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException or InvalidOperationException)
        {
            listener.Dispose();
            var detail = (e.InnerException ?? e).Message.TrimEnd('.');
            throw new OciException(OciErrorKind.ListenRefused, $"It can't be listened on {settings.EndPoint}: {detail}. Choose another -Port or -Address.", e);
        }
    }

    /// <summary>Takes no more connections, lets answers end that are being sent, and cuts them when the token is cancelled.</summary>
    internal Task StopAsync(CancellationToken cancellationToken) => _server.StopAsync(cancellationToken);

    public void Dispose() => _server.Dispose();

    private static KestrelServerOptions CreateOptions(ListenerSettings settings)
    {
        var options = new KestrelServerOptions { AddServerHeader = false, AllowSynchronousIO = false };
        options.Limits.MaxConcurrentConnections = settings.MaxConnections;
        options.Limits.MaxRequestLineSize = LongestRequestLine;
        options.Limits.MaxRequestHeadersTotalSize = LongestHeaders;
        options.Limits.MaxRequestHeaderCount = MostHeaders;
        options.Limits.MaxRequestBodySize = 0;
        options.Limits.MaxResponseBufferSize = ResponseBuffer;
        options.Limits.RequestHeadersTimeout = settings.RequestTimeout;
        options.Limits.KeepAliveTimeout = settings.IdleTimeout;
        options.Limits.MinResponseDataRate = new MinDataRate(settings.MinBytesPerSecond, settings.Patience);
        options.Listen(settings.EndPoint, listen =>
        {
            listen.Use(AnswerPipe.Place);
            if (settings.Certificate is { } certificate)
            {
                listen.ConnectionAdapters.Add(new HttpsConnectionAdapter(new HttpsConnectionAdapterOptions
                {
                    ServerCertificate = certificate,
                    SslProtocols = SslProtocols.None,
                    HandshakeTimeout = settings.RequestTimeout,
                }));
            }
        });
        return options;
    }
}
