using System.Globalization;
using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.References;
using OciSync.Core.Text;

namespace OciSync.Core.DockerEngine;

/// <summary>
/// Where a Docker engine is, and whether it is reached by TLS: what the command says, else the environment as Docker's own client reads it
/// (<c>DOCKER_HOST</c>, <c>DOCKER_TLS_VERIFY</c>, <c>DOCKER_CERT_PATH</c>, <c>DOCKER_CONFIG</c>), else the system's usual place.
/// </summary>
internal sealed record DaemonAddress
{
    private const int PlainPort = 2375;
    private const int TlsPort = 2376;
    private const string Unix = "unix://";

    /// <summary>As it is named in messages; a port that wasn't written stands there too.</summary>
    internal required string Text { get; init; }

    /// <summary>What the client library is given; for a socket its path alone counts.</summary>
    internal required Uri Endpoint { get; init; }

    /// <summary>The path of a Unix socket, letter by letter as it was written; null for all other addresses.</summary>
    internal string? SocketPath { get; init; }

    /// <summary>The connection is encrypted, and never made otherwise.</summary>
    internal bool IsTls { get; init; }

    /// <summary>The folder with <c>ca.pem</c>, <c>cert.pem</c> and <c>key.pem</c>, or null for what the system trusts.</summary>
    internal string? CertificateFolder { get; init; }

    /// <exception cref="OciException">It is no address of an engine, or one of plain http although TLS is asked for.</exception>
    internal static DaemonAddress Find(EngineOptions options)
    {
        var given = options.DaemonHost ?? options.Environment.Find("DOCKER_HOST");
        var text = string.IsNullOrWhiteSpace(given)
            ? options.Environment.IsWindows ? "npipe://./pipe/docker_engine" : Unix + "/var/run/docker.sock"
            : given!.Trim();
        if (text.StartsWith(Unix, StringComparison.OrdinalIgnoreCase))
        {
            return OfSocket(text);
        }

        // Docker reads a bare host:port as tcp.
        var hasScheme = text.Contains("://");
        if (!Uri.TryCreate(hasScheme ? text : "tcp://" + text, UriKind.Absolute, out var uri)
            || uri.Scheme is not ("npipe" or "tcp" or "http" or "https")
            || (uri.Scheme != "npipe" && uri.Host.Length == 0) || (!hasScheme && uri.Port < 0))
        {
            throw NoAddress(text);
        }

        try
        {
            return uri.Scheme == "npipe"
                ? new DaemonAddress { Text = text, Endpoint = uri }
                : OfNetwork(uri, FindCertificates(options), IsTlsWanted(options));
        }
        catch (UriFormatException)
        {
            // The platform takes some hosts after tcp:// that it doesn't build an address of.
            throw NoAddress(text);
        }
    }

    private static bool IsTlsWanted(EngineOptions options) =>
        options.DaemonCertificateDirectory is not null || options.Environment.Find("DOCKER_TLS_VERIFY") is not null;

    // As docker: TLS that is asked for without a folder takes the client's own folder.
    private static string? FindCertificates(EngineOptions options)
    {
        if (options.DaemonCertificateDirectory is { } named)
        {
            return named;
        }

        var environment = options.Environment;
        return environment.Find("DOCKER_TLS_VERIFY") is null
            ? null
            : environment.Find("DOCKER_CERT_PATH") ?? environment.Find("DOCKER_CONFIG") ?? Path.Combine(environment.Home, ".docker");
    }

    private static DaemonAddress OfSocket(string text)
    {
        var path = text.Substring(Unix.Length);
        return path.StartsWith("/", StringComparison.Ordinal) && path.IndexOf('\0') < 0
            ? new DaemonAddress { Text = text, Endpoint = new Uri("http://localhost/"), SocketPath = path }
            : throw NoAddress(text);
    }

    private static DaemonAddress OfNetwork(Uri uri, string? certificates, bool isTlsWanted)
    {
        if (uri.Scheme == "http" && isTlsWanted)
        {
            throw new OciException(
                OciErrorKind.ReferenceInvalid,
                $"'{Describe(uri)}' is plain http, and {(certificates is null ? "TLS" : $"TLS with the certificates of '{certificates}'")} is asked for. "
                    + "Write tcp:// or https://, or leave out -DaemonCertificateDirectory and DOCKER_TLS_VERIFY.");
        }

        var isTls = isTlsWanted || uri.Scheme == "https";
        var builder = new UriBuilder(uri) { UserName = string.Empty, Password = string.Empty };
        if (uri.Scheme == "tcp" && uri.Port < 0)
        {
            builder.Port = isTls ? TlsPort : PlainPort;
        }

        // Requests go below the path, not beside it: without the slash its last part would be left out.
        builder.Path = uri.AbsolutePath.TrimEnd('/') + "/";
        var endpoint = builder.Uri;
        return new DaemonAddress { Text = Describe(endpoint), Endpoint = endpoint, IsTls = isTls, CertificateFolder = certificates };
    }

    // Without a login somebody wrote into it.
    private static string Describe(Uri uri)
    {
        var port = uri.Port < 0 ? string.Empty : ":" + uri.Port.ToString(CultureInfo.InvariantCulture);
        return $"{uri.Scheme}://{uri.Host}{port}{uri.AbsolutePath.TrimEnd('/')}";
    }

    private static OciException NoAddress(string text) => new(
        OciErrorKind.ReferenceInvalid,
        $"'{Printable.Text(LoginText.Hide(text))}' is not the address of a Docker engine; write unix:///path, npipe://./pipe/name, tcp://host:port or http://host:port. "
            + "(An engine behind ssh is reached through a tunnel: ssh -L /tmp/docker.sock:/var/run/docker.sock host.)");
}
