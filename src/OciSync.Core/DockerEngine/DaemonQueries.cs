using System.Net.Http;
using System.Text.RegularExpressions;
using Docker.DotNet.Handler.Abstractions;

namespace OciSync.Core.DockerEngine;

/// <summary>
/// Parameters of the Docker Engine API that the library's methods don't have: <c>manifests</c> when an image is looked at, and <c>platform</c>
/// when it is saved (API 1.48; older engines pass over what they don't know). It stands between the library and its connection.
/// </summary>
/// <param name="tls">The TLS of the connection, or null.</param>
internal sealed class DaemonQueries(DaemonTls? tls) : IAuthProvider
{
    private static readonly Regex Inspection = new("/images/.+/json$", RegexOptions.CultureInvariant);

    /// <summary>The one platform that is saved, as the API writes it in JSON; null for all that there is.</summary>
    internal string? SavedPlatform { get; set; }

    public bool TlsEnabled => tls is not null;

    public HttpMessageHandler ConfigureHandler(HttpMessageHandler handler) => new Adder(this, tls?.ConfigureHandler(handler) ?? handler);

    private Uri Complete(Uri address)
    {
        var more = Inspection.IsMatch(address.AbsolutePath) ? "manifests=1"
            : SavedPlatform is { } platform && address.AbsolutePath.EndsWith("/images/get", StringComparison.Ordinal)
                ? "platform=" + Uri.EscapeDataString(platform)
            : null;
        return more is null ? address : new Uri(address.OriginalString + (address.Query.Length > 0 ? "&" : "?") + more);
    }

    private sealed class Adder(DaemonQueries owner, HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.RequestUri = owner.Complete(request.RequestUri!);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
