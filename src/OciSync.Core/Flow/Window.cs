using OciSync.Core.Polyfills;

namespace OciSync.Core.Flow;

/// <summary>
/// How much may be under way at a time: few near by, more where answers take long, as far as a limit. It grows by one for each answer, so that
/// a registry is not met with all at once, and halves when a registry wants less of us (429, 503).
/// </summary>
/// <param name="near">How many at a time where answers come at once, from 1: where it begins.</param>
/// <param name="far">How many at most, however far away: never below <paramref name="near"/>.</param>
internal sealed class Window(int near, int far) : IDisposable
{
    // Up to here an answer takes its time for other reasons than the distance. Twice that time is worth twice as many.
    private static readonly TimeSpan Near = TimeSpan.FromMilliseconds(10);

    private readonly object _lock = new();
    private readonly SemaphoreSlim _free = new(near, Math.Max(near, far));
    private readonly Dictionary<string, Distance> _distances = new(StringComparer.OrdinalIgnoreCase);
    private readonly int _most = Math.Max(near, far);
    private readonly int _near = near;
    private int _limit = near;
    private int _owed;
    private int _cap = Math.Max(near, far);
    private int _since;

    /// <summary>How many may be under way at the moment.</summary>
    internal int Limit
    {
        get
        {
            lock (_lock)
            {
                return _limit;
            }
        }
    }

    /// <summary>Takes a place, which <see cref="Leave"/> gives back; false when none was to be had in that time.</summary>
    internal Task<bool> EnterAsync(TimeSpan patience, TimeProvider time, CancellationToken cancellationToken) =>
        _free.EnterAsync(patience, time, cancellationToken);

    /// <summary>Takes a place that is free; false when there is none.</summary>
    internal bool TryEnter() => _free.Wait(0);

    /// <summary>Gives a place back.</summary>
    internal void Leave()
    {
        lock (_lock)
        {
            if (_owed > 0)
            {
                _owed--;
                return;
            }
        }

        _free.Release();
    }

    /// <summary>Runs work while it holds a place.</summary>
    internal async Task RunAsync(Func<Task> work)
    {
        await _free.WaitAsync().ConfigureAwait(false);
        try
        {
            await work().ConfigureAwait(false);
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>An answer has come: how much its registry wants, and how far away it is.</summary>
    /// <param name="host">From whom.</param>
    /// <param name="status">Its status.</param>
    /// <param name="time">After how long; null where that says nothing of the distance.</param>
    /// <param name="isPaced">Requests there are held back by a pace.</param>
    internal void Observe(string host, int status, TimeSpan? time, bool isPaced)
    {
        if (status == 503)
        {
            Narrow();
        }
        else if (status == 429)
        {
            // It counts requests. Where those are held back by their pace, one of a few at a time that waits leaves room for others.
            Narrow(isPaced ? _near : 1);
        }
        else if (time is { } distance)
        {
            Report(host, distance);
        }
    }

    /// <summary>An answer has come.</summary>
    /// <param name="host">From whom: the farthest of them counts.</param>
    /// <param name="time">After how long; the shortest of a host is its distance.</param>
    internal void Report(string host, TimeSpan time)
    {
        lock (_lock)
        {
            if (!_distances.TryGetValue(host, out var distance))
            {
                _distances.Add(host, distance = new Distance());
            }

            distance.Learn(time);

            // After a halving it is given back slowly, as whoever refused may refuse again.
            if (_cap < _most && ++_since >= 20)
            {
                (_cap, _since) = (_cap + 1, 0);
            }

            if (_limit >= Math.Min(_cap, Wanted()))
            {
                return;
            }

            _limit++;
            if (_owed > 0)
            {
                _owed--;
                return;
            }
        }

        _free.Release();
    }

    /// <summary>A registry wants less: half as many from here on.</summary>
    /// <param name="least">No fewer than that, or than there are.</param>
    internal void Narrow(int least = 1)
    {
        lock (_lock)
        {
            var half = Math.Max(Math.Min(least, _limit), _limit / 2);
            _owed += _limit - half;
            (_limit, _cap, _since) = (half, half, 0);
            while (_owed > 0 && _free.Wait(0))
            {
                _owed--;
            }
        }
    }

    public void Dispose() => _free.Dispose();

    // What was answered more quickly than the limit of nearness is near.
    private int Wanted()
    {
        var farthest = TimeSpan.Zero;
        foreach (var distance in _distances.Values)
        {
            farthest = distance.Nearest is { } nearest && nearest > farthest ? nearest : farthest;
        }

        return (int)Math.Min(_most, _near * Math.Max(1.0, farthest.Ticks / (double)Near.Ticks));
    }
}
