using System.Collections.Concurrent;

namespace OciSync.Core.Registry;

/// <summary>How often a run has asked its registries for manifests and for lists of referrers, by host. Safe for several threads.</summary>
internal sealed class RequestCounts
{
    private readonly ConcurrentDictionary<string, (int Pulls, int Questions)> _counts = new(StringComparer.Ordinal);

    /// <summary>Counts a request for a manifest, or a question: whether there is one, what speaks of it.</summary>
    internal void Count(string host, bool isPull) =>
        _counts.AddOrUpdate(host, isPull ? (1, 0) : (0, 1), (_, c) => isPull ? (c.Pulls + 1, c.Questions) : (c.Pulls, c.Questions + 1));

    /// <summary>Manifests that were read from a host, and questions that were asked of it.</summary>
    internal (int Pulls, int Questions) Of(string host) => _counts.TryGetValue(host, out var counts) ? counts : (0, 0);
}
