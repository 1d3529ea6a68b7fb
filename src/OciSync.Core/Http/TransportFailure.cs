using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using System.Security.Authentication;
using OciSync.Core.Certificates;
using OciSync.Core.Errors;

namespace OciSync.Core.Http;

/// <summary>What an exception of the HTTP stack means: stalled, cancelled, untrusted, refused, not TLS, broken.</summary>
internal static class TransportFailure
{
    internal static Exception From(
        Exception e, string host, StallWatch watch, CertificateCheck? check, CancellationToken cancellationToken, string? proxy = null)
    {
        if (watch.Fired)
        {
            return new OciException(
                OciErrorKind.Timeout, $"'{host}' made no progress for {watch.Limit.TotalSeconds:0.#} s (see -StallTimeoutSec).", e) { IsTransient = true };
        }

        if (cancellationToken.IsCancellationRequested || watch.Token.IsCancellationRequested)
        {
            return new OperationCanceledException("The work was cancelled.", e, cancellationToken);
        }

        // What failed at the source comes out of an upload through the body it feeds: it keeps its own name.
        var chain = Chain(e).ToList();
        if (chain.OfType<OciException>().FirstOrDefault() is { } known)
        {
            return known;
        }

        if (proxy is not null && ProxyFailure.Find(chain, host, proxy, e) is { } refused)
        {
            return refused;
        }

        if (check?.Refusal is { } refusal && chain.Exists(IsHandshake))
        {
            return Untrusted(host, refusal, e);
        }

        if (check is not null && ClientCertificateFailure.Find(chain, host, check, e) is { } unwanted)
        {
            return unwanted;
        }

        if (chain.Exists(IsHandshake) && !chain.OfType<SocketException>().Any())
        {
            return chain.Exists(IsHangUp) ? HungUp(host, e) : NotTls(host, e);
        }

        if (chain.OfType<SocketException>().FirstOrDefault() is { } socket)
        {
            return Unreachable(host, socket, e);
        }

        if (chain.Exists(IsTooMuchHeader))
        {
            return new OciException(OciErrorKind.ProtocolError, $"'{host}' sent more headers than any answer needs; they were not read.", e);
        }

        if (e is InvalidOperationException and not ObjectDisposedException || e is UriFormatException)
        {
            return new OciException(OciErrorKind.ProtocolError, $"'{host}': {e.Message}", e);
        }

        return new OciException(OciErrorKind.ConnectionFailed, $"The connection to '{host}' broke: {Innermost(chain)}", e)
        {
            IsTransient = !chain.OfType<ArgumentException>().Any(),
        };
    }

    internal static bool IsNotTls(OciException e) => e.Kind == OciErrorKind.PlainHttp;

    /// <summary>The host name is unknown, or nothing listens at its port.</summary>
    internal static bool IsNobodyThere(OciException e) =>
        e.InnerException is { } inner && Chain(inner).OfType<SocketException>().Any(
            s => s.SocketErrorCode is SocketError.ConnectionRefused or SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain);

    private static OciException Untrusted(string host, CertificateRefusal refusal, Exception e) => new(
        OciErrorKind.CertificateUntrusted,
        $"The certificate of {(refusal.Elsewhere is { } other ? $"'{other}', where '{host}' sends us," : $"'{host}'")} is not trusted: {refusal.Reason}. "
            + (refusal.Remedy ?? $"Name its CA with Connect-OciRegistry {host} -CertificatePath <file>, or put it into certs.d/{host} as ca.crt")
            + (refusal.Elsewhere is null ? " (or -SkipCertificateCheck for a test registry)." : " (-SkipCertificateCheck is for the registry's own host)."),
        e);

    private static OciException NotTls(string host, Exception e) => new(
        OciErrorKind.PlainHttp,
        $"'{host}' answers, but not with TLS. If it is a plain http registry: Connect-OciRegistry {host} -PlainHttp",
        e);

    // No proof of plain http: a plain server answers with something. A busy server, or one that is restarted, hangs up.
    private static OciException HungUp(string host, Exception e) => new(
        OciErrorKind.ConnectionFailed,
        $"'{host}' hung up in the TLS handshake. If that is always so, check the port, and the firewall and proxy before it; "
            + "a plain http registry doesn't speak TLS.",
        e) { IsTransient = true };

    private static OciException Unreachable(string host, SocketException socket, Exception e)
    {
        var name = host.Split(':')[0];
        var text = socket.SocketErrorCode switch
        {
            SocketError.ConnectionRefused => $"'{host}' refused the connection: no registry listens there. Check the host and port.",
            SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain =>
                $"The host name '{name}' can't be resolved. Check the spelling and the network's DNS.",
            SocketError.TimedOut or SocketError.HostUnreachable or SocketError.NetworkUnreachable =>
                $"'{host}' can't be reached. Check the network, the firewall and the proxy.",
            _ => $"The connection to '{host}' broke: {socket.Message}",
        };
        return new OciException(OciErrorKind.ConnectionFailed, text, e) { IsTransient = socket.SocketErrorCode != SocketError.HostNotFound };
    }

    // A server that hangs up in the handshake gives no exception type of its own, on no platform; the texts aren't translated.
    private static bool IsHandshake(Exception e) =>
        e is AuthenticationException
        || (e is HttpRequestException && e.Message.Contains("SSL connection"))
        || e is WebException { Status: WebExceptionStatus.SecureChannelFailure or WebExceptionStatus.TrustFailure };

    // No type of its own either.
    private static bool IsTooMuchHeader(Exception e) =>
        (e is HttpRequestException && e.Message.Contains("response headers length"))
        || e is WebException { Status: WebExceptionStatus.MessageLengthLimitExceeded };

    private static bool IsHangUp(Exception e) => e is IOException && e is not AuthenticationException && e.InnerException is null;

    private static string Innermost(List<Exception> chain) => chain[chain.Count - 1].Message.TrimEnd('.') + ".";

    private static IEnumerable<Exception> Chain(Exception e)
    {
        for (Exception? current = e; current is not null; current = current.InnerException)
        {
            yield return current;
        }
    }
}
