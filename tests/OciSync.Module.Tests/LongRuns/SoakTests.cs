using System.Globalization;
using System.Text;
using OciSync.Testing;

namespace OciSync.Module.Tests.LongRuns;

/// <summary>A slice of the soak, another each day, and the whole of it on demand.</summary>
public sealed class SoakTests
{
    [Fact]
    public async Task A_small_mirror_survives_faults_and_a_kill()
    {
        var figures = await RunAsync(new SoakSize(40, 4, 1, 2, Moments.Seed) { StallSeconds = 1 });
        Assert.Equal(1, figures.Kills);
    }

    /// <summary>As large as the environment says; the figures become a part of the page that it names.</summary>
    [Fact(Explicit = true)]
    public async Task The_whole_mirror_survives()
    {
        var numbers = (Environment.GetEnvironmentVariable("OCISYNC_SOAK") ?? "5000,100,10,4").Split(',').Select(int.Parse).ToArray();
        var size = new SoakSize(numbers[0], numbers[1], numbers[2], numbers[3], Moments.Seed);
        var figures = await RunAsync(size, async (servers, f) =>
        {
            if (Environment.GetEnvironmentVariable("OCISYNC_RELIABILITY_PAGE") is { Length: > 0 } page)
            {
                await File.WriteAllTextAsync(page, SoakPage.Replace(await File.ReadAllTextAsync(page), servers, size, f), new UTF8Encoding(false));
            }
        });
        Assert.Equal(size.Kills, figures.Kills);

        // Between its first round and its last the process may not have grown, nor what it holds at most between its middle and its end.
        var (first, last) = (Held(figures.Rounds[0]), Held(figures.Rounds[^1]));
        Assert.True(last <= first + 10, $"megabytes of objects: {first}, then {last}");
        var (middle, end) = (figures.Last.PeakBetween(0.3, 0.65), figures.Last.PeakBetween(0.65, 1));
        Assert.True(end.Handles <= middle.Handles + 20, $"handles: {middle.Handles}, then {end.Handles}");
        Assert.True(end.Sockets <= middle.Sockets + 20, $"connections: {middle.Sockets}, then {end.Sockets}");
        Assert.True(end.Threads <= middle.Threads + 10, $"threads: {middle.Threads}, then {end.Threads}");
        Assert.True(end.Megabytes <= (middle.Megabytes * 1.25) + 20, $"megabytes: {middle.Megabytes}, then {end.Megabytes}");
    }

    private static double Held(string round) => double.Parse(round.Split('|')[3].Replace("MB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);

    private static async Task<SoakFigures> RunAsync(SoakSize size, Func<SoakServers, SoakFigures, Task>? record = null)
    {
        Assert.SkipWhen(!Directory.Exists("/proc/self/fd"), "It looks at its processes in /proc.");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromHours(1));
        using var state = new TempFolder();
        await using var servers = await SoakServers.StartAsync(size);
        var soak = new Soak(servers, size, state.Path, limit.Token);
        await soak.RunAsync();
        if (record is not null)
        {
            await record(servers, soak.Figures);
        }

        return soak.Figures;
    }
}
