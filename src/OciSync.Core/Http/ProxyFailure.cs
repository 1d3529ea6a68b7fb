using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using OciSync.Core.Errors;

namespace OciSync.Core.Http;

/// <summary>Failures that are a proxy's and not the registry's.</summary>
internal static class ProxyFailure
{
    internal static OciException Unauthorized(string host, string? proxy, Exception? e = null) => new(
        OciErrorKind.ProxyUnauthorized,
        $"The proxy{(proxy is null ? string.Empty : " " + proxy)} before '{host}' asks for a login (407); this is not the registry's own answer. "
            + $"Give one with: Connect-OciRegistry {host} -ProxyCredential (Get-Credential), or -ProxyUseDefaultCredentials on Windows.",
        e)
    { StatusCode = 407, IsOfProxy = true };

    /// <summary>What a failure on the way to the proxy, or of its tunnel, means; null when it is another one.</summary>
    internal static OciException? Find(List<Exception> chain, string host, string proxy, Exception e)
    {
        if (chain.OfType<SocketException>().FirstOrDefault(IsConnecting) is { } socket)
        {
            return new OciException(
                OciErrorKind.ConnectionFailed,
                $"The proxy {proxy} before '{host}' can't be reached: {socket.Message.TrimEnd('.')}. Check its address, or except the registry by NO_PROXY.", e)
            { IsTransient = true, IsOfProxy = true };
        }

        var status = chain.Select(TunnelStatus).FirstOrDefault(s => s > 0);
        return status switch
        {
            0 => null,
            401 or 407 => Unauthorized(host, proxy, e),
            _ => new OciException(
                OciErrorKind.ConnectionFailed,
                $"The proxy {proxy} made no connection to '{host}' (HTTP {status}): it does not allow it, or can't find or reach that host.",
                e)
            { IsTransient = status is 502 or 503 or 504, IsOfProxy = true },
        };
    }

    private static bool IsConnecting(SocketException e) => e.SocketErrorCode is SocketError.ConnectionRefused or SocketError.HostNotFound
        or SocketError.NoData or SocketError.TryAgain or SocketError.TimedOut or SocketError.HostUnreachable or SocketError.NetworkUnreachable;

    // The platform tells the status in a property on some versions and in its text on all; the text isn't translated.
    private static int TunnelStatus(Exception e)
    {
        if (e is WebException { Response: HttpWebResponse { StatusCode: var status } })
        {
            return (int)status;
        }

        if (e is not HttpRequestException || !e.Message.Contains("proxy tunnel"))
        {
            return 0;
        }

        var digits = new string(e.Message.Substring(e.Message.LastIndexOf("status code", StringComparison.Ordinal) is var at and >= 0 ? at : 0)
            .SkipWhile(c => !char.IsDigit(c)).TakeWhile(char.IsDigit).ToArray());
        return digits.Length == 3 ? int.Parse(digits, System.Globalization.CultureInfo.InvariantCulture) : 502;
    }
}
