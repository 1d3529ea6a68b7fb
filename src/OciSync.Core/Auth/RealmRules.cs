using System.Net;
using System.Net.Http;
using OciSync.Core.Connections;
using OciSync.Core.Errors;
using OciSync.Core.Http;
using OciSync.Core.References;
using OciSync.Core.Text;

namespace OciSync.Core.Auth;

/// <summary>
/// Which token servers a registry may name. Another host is usual (auth.docker.io); plain http for a registry with TLS is not, nor a
/// place further inside than the registry itself: a public registry may not lead to this machine or to a private network. Names are
/// resolved for the answer, and where the platform lets us see it, the address that is really connected is checked too.
/// </summary>
internal sealed class RealmRules(string registry, Func<string, CancellationToken, Task<IPAddress[]>> resolve)
{
    private volatile string? _checked;
    private AddressReach _outermost = AddressReach.Loopback;

    /// <summary>The realm as a URL. <exception cref="OciException">No credential may go there.</exception></summary>
    internal async Task<Uri> CheckAsync(string? text, bool isPlainHttp, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var realm) || realm.Scheme is not ("http" or "https"))
        {
            throw Fault($"names no usable token server (realm '{Printable.Text(text ?? string.Empty)}')");
        }

        if (_checked == text)
        {
            return realm;
        }

        var local = RegistryHost.IsLoopback(registry);
        if (realm.Scheme == "http" && !isPlainHttp && !(local && RedirectRules.IsLocal(realm)))
        {
            throw Fault($"names a token server without TLS ({RegistryUris.Redact(realm)}); no credential is sent there");
        }

        // The registry's own host, and everything for a registry of this machine, needs no further look.
        if (!local && IsElsewhere(realm))
        {
            _outermost = await HostReach.FindAsync(RegistryUris.HostOf(registry), innermost: false, resolve, cancellationToken).ConfigureAwait(false);
            var reach = await HostReach.FindAsync(realm.Host, innermost: true, resolve, cancellationToken).ConfigureAwait(false);
            if (reach < _outermost)
            {
                throw Fault($"names a token server {HostReach.Describe(reach)} ({RegistryUris.Redact(realm)}); no credential is sent there");
            }
        }

        _checked = text;
        return realm;
    }

    /// <summary>Whether the token server is on another host than the registry.</summary>
    internal bool IsElsewhere(Uri realm) => !string.Equals(RegistryHost.Split(registry).Host, realm.Host, StringComparison.OrdinalIgnoreCase);

    /// <summary>Lets the connection of a request be refused when it turns out to lead further inside.</summary>
    internal void Guard(HttpRequestMessage request) => ConnectGuard.Set(request, _outermost);

    private OciException Fault(string what) => new(OciErrorKind.ProtocolError, $"'{registry}' {what}.");
}
