using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;
using OciSync.Core.Flow;

namespace OciSync.Core.Tests.Http;

/// <summary>A clock on which whoever waits has waited at once. It notes each wait. Nothing else takes time, or every look takes so much.</summary>
internal sealed class LeapingClock : FakeTimeProvider
{
    private readonly ConcurrentQueue<TimeSpan> _waits = new();
    private long _looked;

    /// <summary>How much later than the one before each look finds the clock: as long as every answer seems to take, as over a long way.</summary>
    internal TimeSpan EachLook { get; init; }

    /// <summary>The waits in seconds, in order.</summary>
    internal double[] Waits => [.. _waits.Select(w => w.TotalSeconds)];

    /// <summary>The engine's defaults on this clock, with the middle of the jitter.</summary>
    internal EngineOptions Defaults => new() { Places = new Core.Machine.MachinePlaces(), Time = this, Jitter = () => 0.5 };

    public override long GetTimestamp() => base.GetTimestamp() + Interlocked.Add(ref _looked, EachLook.Ticks);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        if (dueTime > TimeSpan.Zero)
        {
            // Watches over transfers are made without an end and set later; what has an end from the start is a wait.
            _waits.Enqueue(dueTime);
            _ = Task.Run(() => Advance(dueTime));
        }

        return timer;
    }
}
