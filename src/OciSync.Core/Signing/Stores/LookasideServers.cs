using OciSync.Core.Connections;
using OciSync.Core.Http;
using OciSync.Core.Registry;

namespace OciSync.Core.Signing.Stores;

/// <summary>The servers that keep signatures, each connected once in a run, with the certificates and settings that its host has.</summary>
internal sealed class LookasideServers(RunContext run) : IDisposable
{
    private readonly Dictionary<string, LookasideHost> _hosts = new(StringComparer.Ordinal);

    /// <summary>The signatures of a repository below an address.</summary>
    internal LookasideServer Open(PlacedText address, Uri uri, string repository)
    {
        lock (_hosts)
        {
            var host = uri.IsDefaultPort ? uri.Host : uri.Authority;
            if (!_hosts.TryGetValue(host, out var connected))
            {
                var settings = run.Sessions.Find(host)?.Settings ?? ConnectionSettings.Default;
                connected = new LookasideHost(host, new HttpTransport(host, settings, insecure: false, run.Options, run.Events), run);
                _hosts.Add(host, connected);
            }

            return new LookasideServer(connected, uri, repository);
        }
    }

    public void Dispose()
    {
        lock (_hosts)
        {
            foreach (var host in _hosts.Values)
            {
                host.Dispose();
            }

            _hosts.Clear();
        }
    }
}
