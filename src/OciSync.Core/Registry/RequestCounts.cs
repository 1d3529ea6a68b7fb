using System.Collections.Concurrent;

namespace OciSync.Core.Registry;

/// <summary>How often a run has asked its registries for manifests, by host. Safe for several threads.</summary>
internal sealed class RequestCounts
{
    private readonly ConcurrentDictionary<string, (int Pulls, int Heads)> _counts = new(StringComparer.Ordinal);

    /// <summary>Counts a request for a manifest, or whether there is one.</summary>
    internal void Count(string host, bool isPull) =>
        _counts.AddOrUpdate(host, isPull ? (1, 0) : (0, 1), (_, c) => isPull ? (c.Pulls + 1, c.Heads) : (c.Pulls, c.Heads + 1));

    /// <summary>Manifests that were read from a host, and questions for manifests.</summary>
    internal (int Pulls, int Heads) Of(string host) => _counts.TryGetValue(host, out var counts) ? counts : (0, 0);
}
