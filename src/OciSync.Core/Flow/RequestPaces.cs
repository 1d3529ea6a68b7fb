using System.Collections.Concurrent;

namespace OciSync.Core.Flow;

/// <summary>The paces of requests to registries, for engines that follow one another: a new engine doesn't begin a new count.</summary>
public sealed class RequestPaces
{
    private readonly ConcurrentDictionary<(string Host, RequestRate Rate), Pace> _paces = new();

    /// <summary>The pace of a registry's host.</summary>
    internal Pace Find(string host, RequestRate rate, TimeProvider time) => _paces.GetOrAdd((host, rate), key => new Pace(key.Rate.PerSecond, time));
}
