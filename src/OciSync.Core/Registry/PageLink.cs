using OciSync.Core.Connections;
using OciSync.Core.Errors;
using OciSync.Core.Http;
using OciSync.Core.Polyfills;

namespace OciSync.Core.Registry;

/// <summary>
/// Where a list goes on: <c>Link: &lt;/v2/name/tags/list?last=x&amp;n=100&gt;; rel="next"</c>, relative to the page. Another host, scheme or
/// port is not followed: its path and query are asked for where the page came from.
/// </summary>
internal static class PageLink
{
    /// <exception cref="OciException">The target is no address.</exception>
    internal static Uri? FindNext(Uri page, IEnumerable<string> links) =>
        LinkHeader.Find(links, "next") is { } target ? ReadTarget(page, target) : null;

    private static Uri ReadTarget(Uri page, string link)
    {
        try
        {
            var target = RegistryUris.Resolve(page, link);

            // A path may begin with two slashes, which would be another host's name: it is put behind this one's as it is.
            return RedirectRules.KeepsAuthorization(page, target) ? target : RawUri.Create($"{page.Scheme}://{page.Authority}{target.PathAndQuery}");
        }
        catch (UriFormatException e)
        {
            throw new OciException(OciErrorKind.ProtocolError, $"'{page.Authority}' gives an address for the next page of its list that is none.", e);
        }
    }
}
