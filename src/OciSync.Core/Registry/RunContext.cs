using OciSync.Core.Flow;
using OciSync.Core.Logins;
using OciSync.Core.Uploads;

namespace OciSync.Core.Registry;

/// <summary>What the registries of one run have in common.</summary>
internal sealed class RunContext(EngineOptions options, EngineEvents events, RegistrySessions sessions, CancellationToken lifetime)
{
    internal EngineOptions Options { get; } = options;

    internal EngineEvents Events { get; } = events;

    /// <summary>Logins, settings and quotas of the user's session.</summary>
    internal RegistrySessions Sessions { get; } = sessions;

    /// <summary>Notes of uploads that were broken off, by which they go on.</summary>
    internal UploadRecords BrokenUploads { get; } = new(options.StatePath ?? options.Places.CacheFolder, options.Time, events);

    /// <summary>The pace of blobs that are read from registries, or null for any.</summary>
    internal BandwidthPace? Downloads { get; } = BandwidthPace.For(options);

    /// <summary>The pace of blobs that are written to registries, or null for any.</summary>
    internal BandwidthPace? Uploads { get; } = BandwidthPace.For(options);

    /// <summary>Room for parts of blobs that are read ahead.</summary>
    internal PartBuffers PartBuffers { get; } = new(options.PartSize);

    /// <summary>How many images are worked on at a time.</summary>
    internal Window Images { get; } = new(options.ThrottleLimit, options.FarThrottleLimit ?? options.ThrottleLimit);

    /// <summary>How often registries were asked for manifests.</summary>
    internal RequestCounts Counts { get; } = new();

    /// <summary>The pace of requests to a registry, or null for any.</summary>
    internal Pace? PaceOf(string host) => (Options.RequestRates.TryGetValue(host, out var rate) ? rate : Options.RequestRate) is not { } limit ? null
        : Options.Paces?.Find(host, limit, Options.Time) ?? new Pace(limit.PerSecond, Options.Time);

    /// <summary>Cancelled when the run ends: shared work (pings, tokens) stops then.</summary>
    internal CancellationToken Lifetime { get; } = lifetime;
}
