using System.Diagnostics;

namespace OciSync.Module.Tests.LongRuns;

/// <summary>
/// A mirror of many images to two places while things go wrong: killed and begun again, two runs at once for a part, and at the end a process
/// that mirrors several times over and must not grow. Between all that and at the end the destinations are read without the engine.
/// </summary>
internal sealed class Soak(SoakServers servers, SoakSize size, string statePath, CancellationToken cancellationToken)
{
    private readonly Random _random = new(size.Seed);

    internal SoakFigures Figures { get; } = new();

    internal async Task RunAsync()
    {
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < 2 * size.Kills && Figures.Kills < size.Kills; i++)
        {
            await RunAndKillAsync(isTwin: i % 3 == 1);
        }

        await CheckAsync(mayMiss: true);
        await RunLastAsync();
        Figures.MissingBefore = await CheckAsync(mayMiss: true);
        servers.Faults.IsOn = false;
        var output = await HostRun.RunAsync(Commands(rounds: 1), minutes: 20);
        Assert.DoesNotContain("Failed", output);
        Figures.RunSeconds = clock.Elapsed.TotalSeconds;

        clock.Restart();
        Assert.Equal(0, await CheckAsync(mayMiss: false));
        Figures.ReadBySkopeo = await SoakCheck.ReadBySkopeoAsync(servers, Math.Min(20, size.Images / 10), _random, cancellationToken);
        Figures.CheckSeconds = clock.Elapsed.TotalSeconds;
    }

    // Moments are counted in requests, so that they are spread over the work on slow and on fast machines.
    private async Task RunAndKillAsync(bool isTwin)
    {
        var until = servers.Faults.Requests + (size.Images / 2) + _random.Next(5 * size.Images);
        using var run = HostRun.Start(Commands(rounds: 1));
        using var twin = isTwin ? HostRun.Start(Commands(rounds: 1)) : null;
        var samples = new ProcessSamples();
        var watch = samples.WatchAsync(run.Id, run.Ended);
        while (servers.Faults.Requests < until && !run.Ended.IsCompleted)
        {
            await Task.Delay(20, cancellationToken);
        }

        var isKill = !run.Ended.IsCompleted;
        await run.KillAsync();
        if (twin is not null)
        {
            await twin.KillAsync();
        }

        await watch;
        Figures.Killed.Add(samples);
        Figures.Kills += isKill ? 1 : 0;
        Figures.Twins += isKill && isTwin ? 1 : 0;
    }

    private async Task RunLastAsync()
    {
        using var run = HostRun.Start(Commands(size.Rounds));
        await Figures.Last.WatchAsync(run.Id, run.Ended).WaitAsync(cancellationToken);
        var (output, errors) = await run.TextAsync();
        Assert.True(errors.Length == 0, errors);
        Figures.Rounds = output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Assert.Equal(size.Rounds, Figures.Rounds.Count);
    }

    private async Task<int> CheckAsync(bool mayMiss)
    {
        var (missing, wrong) = await SoakCheck.WalkAsync(servers, cancellationToken);
        Assert.True(wrong.Count == 0, $"seed {size.Seed}: {string.Join('\n', wrong)}");
        Assert.True(mayMiss || missing == 0, $"seed {size.Seed}: {missing} images are missing at the end.");
        return missing;
    }

    // A line for each round: its seconds, how many rows of each status, how many further attempts, and what the process holds after it.
    private string Commands(int rounds) => $$"""
        $sources = @({{string.Join(", ", servers.Wanted.Keys.Select(r => $"'{servers.SourceAddress}/{r}'"))}})
        foreach ($round in 1..{{rounds}}) {
            $clock = [System.Diagnostics.Stopwatch]::StartNew()
            $rows = @(Sync-OciImage -Source $sources -AllTags -Destination {{string.Join(", ", servers.Places.Select(p => $"'{p}'"))}} -RetryIntervalSec 0 -StallTimeoutSec {{size.StallSeconds}} -StatePath '{{statePath}}' -ErrorAction SilentlyContinue)
            $groups = @($rows | Group-Object Status -NoElement | Sort-Object Name | ForEach-Object { "$($_.Count) $($_.Name)" }) -join ', '
            $again = ($rows | Measure-Object RetryCount -Sum).Sum
            $seconds = [int] $clock.Elapsed.TotalSeconds
            $rows = $null
            $heap = [math]::Round([GC]::GetTotalMemory($true) / 1MB, 1)
            $process = [System.Diagnostics.Process]::GetCurrentProcess()
            [Console]::WriteLine("$seconds s | $groups | $again | $heap MB | $($process.Threads.Count) | $($process.HandleCount)")
        }
        """;
}
