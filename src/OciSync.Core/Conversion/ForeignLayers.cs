using System.Net.Http;
using OciSync.Core.Connections;
using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Http;
using OciSync.Core.Images;
using OciSync.Core.Logins;
using OciSync.Core.Manifests;
using OciSync.Core.References;
using OciSync.Core.Text;

namespace OciSync.Core.Conversion;

/// <summary>
/// Fetches layers that registries don't hold (Windows base layers) from the <c>urls</c> of their descriptor. A manifest is anybody's word:
/// only https is asked, without any login, and never a place further inside than the registry the manifest comes from. The caller
/// verifies what it reads.
/// </summary>
internal sealed class ForeignLayers(EngineOptions options, EngineEvents events, RegistrySessions sessions) : IDisposable
{
    private readonly Dictionary<string, HttpTransport> _transports = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Starts to read a layer from the first of its places that gives it.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="image">Whose it is, for messages.</param>
    /// <param name="registry">The host the manifest comes from; null when it was a folder, which may have come from anywhere.</param>
    /// <param name="offset">Where to begin.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    internal async Task<OpenedBlob> OpenAsync(Descriptor layer, string image, string? registry, long offset, CancellationToken cancellationToken)
    {
        var faults = new List<string>();
        var transient = false;
        foreach (var url in layer.Urls)
        {
            try
            {
                var uri = await CheckAsync(url, registry, cancellationToken).ConfigureAwait(false);
                return new OpenedBlob(await SendAsync(uri.Uri, uri.Innermost, offset, cancellationToken).ConfigureAwait(false), null);
            }
            catch (OciException e)
            {
                faults.Add(e.Message.TrimEnd('.'));
                transient |= e.IsTransient;
            }
        }

        throw new OciException(
            OciErrorKind.ForeignLayerUnavailable,
            $"The layer {layer.Digest} of '{image}' is not in the registry and can't be had from where its manifest says it is: {string.Join("; ", faults)}.")
        { IsTransient = transient };
    }

    public void Dispose()
    {
        lock (_transports)
        {
            foreach (var transport in _transports.Values)
            {
                transport.Dispose();
            }

            _transports.Clear();
        }
    }

    private async Task<(Uri Uri, AddressReach Innermost)> CheckAsync(string url, string? registry, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme != "https" || uri.UserInfo.Length > 0)
        {
            throw new OciException(OciErrorKind.ForeignLayerUnavailable, $"'{Shown(url)}' is not an https address, and others are not asked");
        }

        var innermost = registry is null
            ? AddressReach.Public
            : await HostReach.FindAsync(RegistryHost.Split(registry).Host, innermost: false, options.Resolve, cancellationToken).ConfigureAwait(false);
        var reach = await HostReach.FindAsync(uri.Host, innermost: true, options.Resolve, cancellationToken).ConfigureAwait(false);
        return reach >= innermost
            ? (uri, innermost)
            : throw new OciException(
                OciErrorKind.ForeignLayerUnavailable,
                $"'{RegistryUris.Redact(uri)}' is {HostReach.Describe(reach)}, where a manifest from elsewhere may not lead");
    }

    private static string Shown(string url) => Uri.TryCreate(url, UriKind.Absolute, out var uri) ? RegistryUris.Redact(uri) : Printable.Text(url);

    private async Task<HttpAnswer> SendAsync(Uri uri, AddressReach innermost, long offset, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, uri);
        if (offset > 0)
        {
            request.Headers.TryAddWithoutValidation("Range", $"bytes={offset}-");
        }

        ConnectGuard.Set(request, innermost);
        var answer = await TransportOf(uri).SendAsync(request, cancellationToken).ConfigureAwait(false);
        if ((int)answer.Status is 200 or 206)
        {
            return answer;
        }

        using (answer)
        {
            var status = (int)answer.Status;
            throw new OciException(OciErrorKind.ForeignLayerUnavailable, $"'{RegistryUris.Redact(uri)}' answers with HTTP {status}")
            {
                StatusCode = status,
                IsTransient = status is 408 or 429 or >= 500,
            };
        }
    }

    // Of what the user said of this host its CA and proxy hold; who we are is nobody's business there.
    private HttpTransport TransportOf(Uri uri)
    {
        lock (_transports)
        {
            if (!_transports.TryGetValue(uri.Authority, out var transport))
            {
                var known = sessions.Find(uri.Authority)?.Settings ?? ConnectionSettings.Default;
                var settings = new ConnectionSettings { CertificatePath = known.CertificatePath, Proxy = known.Proxy };
                transport = new HttpTransport(uri.Authority, settings, insecure: false, options, events);
                _transports.Add(uri.Authority, transport);
            }

            return transport;
        }
    }
}
