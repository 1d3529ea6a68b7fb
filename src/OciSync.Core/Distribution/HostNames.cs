using OciSync.Core.References;
using OciSync.Core.Text;

namespace OciSync.Core.Distribution;

/// <summary>
/// The names under which a server may be asked. A page in a browser can make its own name lead to this machine ("DNS rebinding"), and would
/// then read what is served: the browser tells that name in the <c>Host</c> header. An address can't be made to lead elsewhere.
/// </summary>
internal sealed class HostNames
{
    private readonly List<WildcardPattern> _patterns;
    private readonly HashSet<string> _names;

    /// <param name="names">Names beside <c>localhost</c> and addresses; wildcards as well.</param>
    internal HostNames(IEnumerable<string> names)
    {
        var all = names.ToList();
        _names = new HashSet<string>(all, StringComparer.OrdinalIgnoreCase) { "localhost" };
        _patterns = all.Where(n => n.IndexOfAny(['*', '?']) >= 0).Select(n => new WildcardPattern(n.ToLowerInvariant())).ToList();
    }

    /// <summary>Whether a <c>Host</c> header is one of them, whatever its port. HTTP/1.0 has none, and no browser speaks it.</summary>
    internal bool Allows(string? header)
    {
        if (string.IsNullOrEmpty(header))
        {
            return true;
        }

        var host = RegistryHost.Split(header!).Host.TrimEnd('.');
        if (host.StartsWith("[", StringComparison.Ordinal) || System.Net.IPAddress.TryParse(host, out _))
        {
            return true;
        }

        return _names.Contains(host) || _patterns.Exists(p => p.IsMatch(host.ToLowerInvariant()));
    }
}
