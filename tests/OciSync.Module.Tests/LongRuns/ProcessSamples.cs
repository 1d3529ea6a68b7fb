using System.Globalization;

namespace OciSync.Module.Tests.LongRuns;

/// <summary>What a process holds, looked at in /proc every half second: the most of each.</summary>
internal sealed class ProcessSamples
{
    private readonly List<ProcessSample> _all = [];

    internal int Count => _all.Count;

    internal ProcessSample Peak => Most(_all);

    /// <summary>The most of each in a part of the time: from and to are fractions of it.</summary>
    internal ProcessSample PeakBetween(double from, double to) => Most(_all.Skip((int)(_all.Count * from)).Take(Math.Max(1, (int)(_all.Count * (to - from)))));

    /// <summary>Looks until the process has ended.</summary>
    internal async Task WatchAsync(int pid, Task ended)
    {
        while (!ended.IsCompleted)
        {
            if (Read(pid) is { } sample)
            {
                _all.Add(sample);
            }

            await Task.WhenAny(ended, Task.Delay(500));
        }
    }

    private static ProcessSample? Read(int pid)
    {
        try
        {
            var status = File.ReadAllLines($"/proc/{pid}/status");
            var links = Directory.GetFiles($"/proc/{pid}/fd").Select(f => new FileInfo(f).LinkTarget ?? string.Empty).ToList();
            return new ProcessSample(
                Number(status, "VmRSS:") / 1024, Number(status, "Threads:"), links.Count, links.Count(l => l.StartsWith("socket:", StringComparison.Ordinal)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            return null;
        }
    }

    private static int Number(string[] status, string name) =>
        int.Parse(
            status.First(l => l.StartsWith(name, StringComparison.Ordinal)).Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1],
            CultureInfo.InvariantCulture);

    private static ProcessSample Most(IEnumerable<ProcessSample> samples) => samples.Aggregate(
        new ProcessSample(0, 0, 0, 0),
        (a, b) => new ProcessSample(
            Math.Max(a.Megabytes, b.Megabytes), Math.Max(a.Threads, b.Threads), Math.Max(a.Handles, b.Handles), Math.Max(a.Sockets, b.Sockets)));
}
