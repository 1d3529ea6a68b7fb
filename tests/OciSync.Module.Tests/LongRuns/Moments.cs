using OciSync.Testing.Registry;

namespace OciSync.Module.Tests.LongRuns;

/// <summary>Random moments of a run, the same for the same seed: after so many requests at a registry, and some milliseconds.</summary>
internal sealed class Moments(int seed)
{
    private readonly Random _random = new(seed);

    /// <summary>How many moments a test tries: a few, or as many as the environment asks for.</summary>
    internal static int Count(int few) =>
        Environment.GetEnvironmentVariable("OCISYNC_LONG_RUNS") is { Length: > 0 } ? few * 7 : few;

    /// <summary>Another seed each day, unless the environment gives one.</summary>
    internal static int Seed => int.TryParse(Environment.GetEnvironmentVariable("OCISYNC_SEED"), out var seed) ? seed : DateTime.UtcNow.DayOfYear;

    internal int Next(int below) => _random.Next(below);

    /// <summary>Waits for a moment among so many requests from now on, or for the end of the run.</summary>
    internal async Task WaitAsync(EmbeddedRegistry registry, int requests, Task ended)
    {
        var seen = registry.Requests.Count() + 1 + _random.Next(requests);
        await Task.WhenAny(ended, registry.Requests.WaitForAsync(log => log.Count() >= seen, TimeSpan.FromSeconds(30)));
        await Task.Delay(_random.Next(25));
    }
}
