using Microsoft.Extensions.Time.Testing;

namespace OciSync.Core.Tests.Signing.Attaching;

/// <summary>A clock on which time goes by only while all who work by it wait: whoever is slow has as long as it takes.</summary>
internal sealed class CommonClock(int workers) : FakeTimeProvider(DateTimeOffset.UtcNow)
{
    private readonly Lock _lock = new();
    private readonly List<DateTimeOffset> _waits = [];
    private int _workers = workers;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime <= TimeSpan.Zero)
        {
            return base.CreateTimer(callback, state, dueTime, period);
        }

        var due = GetUtcNow() + dueTime;
        var timer = base.CreateTimer(
            s =>
            {
                lock (_lock)
                {
                    _waits.Remove(due);
                }

                callback(s);
            },
            state,
            dueTime,
            period);
        lock (_lock)
        {
            _waits.Add(due);
            LetPass();
        }

        return timer;
    }

    /// <summary>One is done, and waits no more.</summary>
    internal void Leave()
    {
        lock (_lock)
        {
            _workers--;
            LetPass();
        }
    }

    // To the end of the first wait.
    private void LetPass()
    {
        if (_workers > 0 && _waits.Count == _workers)
        {
            var first = _waits.Min();
            _ = Task.Run(() => SetUtcNow(first));
        }
    }
}
