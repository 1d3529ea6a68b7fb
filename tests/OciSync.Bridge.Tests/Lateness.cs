using System.Diagnostics;

namespace OciSync.Bridge.Tests;

/// <summary>Holds the product to its word about time on a machine that is busy, which only ever makes a measurement longer.</summary>
internal static class Lateness
{
    private const int Attempts = 5;

    /// <summary>The shortest of several measurements is within the limit; the first that is ends them.</summary>
    internal static async Task HoldAsync(long milliseconds, Func<Task<long>> measure)
    {
        var shortest = long.MaxValue;
        for (var i = 0; i < Attempts && shortest > milliseconds; i++)
        {
            shortest = Math.Min(shortest, await measure());
        }

        Assert.InRange(shortest, 0, milliseconds);
    }

    /// <summary>How many milliseconds something takes, without those that a thread wakes up late meanwhile that sleeps for a second.</summary>
    internal static async Task<long> MeasureAsync(Action action)
    {
        var clock = Stopwatch.StartNew();
        var woken = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            Thread.Sleep(1000);
            woken.SetResult(Math.Max(0, clock.ElapsedMilliseconds - 1000));
        }) { IsBackground = true }.Start();
        action();
        var elapsed = clock.ElapsedMilliseconds;
        return Math.Max(0, elapsed - await woken.Task);
    }
}
