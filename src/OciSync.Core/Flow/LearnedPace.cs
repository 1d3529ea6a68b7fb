namespace OciSync.Core.Flow;

/// <summary>
/// The pace of requests to one registry: the user's, if one is given, and the one that the registry has shown by refusing what came beyond it (429). After
/// a refusal requests go at the rate that was answered until then; without another one it rises, the more slowly the oftener it was too high.
/// </summary>
/// <param name="given">The user's pace, or null for any.</param>
/// <param name="time">Where time comes from.</param>
internal sealed class LearnedPace(Pace? given, TimeProvider time)
{
    // Refusals within it belong together, and it is what a rate is counted over.
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private const double Unlimited = 1000;
    private const double QuickestRise = 2;
    private const double SlowestRise = 1.01;
    private const int Calm = 30;

    // A refusal that comes before a second has passed, and perhaps by chance, says little of lower rates, and after fewer answers nothing at all.
    private const double LowestAtFirst = 10;
    private const int FewestAnswers = 5;

    // While a registry refuses everything, its refusals say nothing of a rate: below this the waits between attempts (Retry-After) do what is to be done,
    // and a rate that rises with each answer would take hours to come back from where an hour of them leads.
    private const double Lowest = 0.5;

    private readonly object _lock = new();
    private readonly long _start = time.GetTimestamp();
    private readonly int[] _answered = new int[10];
    private long _tenth;
    private Pace? _learned;
    private double _rise = QuickestRise;
    private TimeSpan _refused = -Second;
    private TimeSpan _risen;
    private int _calm;

    /// <summary>The rate that was learnt, in requests a second; null where none was.</summary>
    internal double? PerSecond => Volatile.Read(ref _learned)?.PerSecond;

    /// <summary>There is a pace, given or learnt.</summary>
    internal bool HoldsBack => given is not null || Volatile.Read(ref _learned) is not null;

    /// <summary>Waits until a request may go.</summary>
    internal async Task TakeAsync(CancellationToken cancellationToken)
    {
        if (given is not null)
        {
            await given.TakeAsync(1, cancellationToken).ConfigureAwait(false);
        }

        if (Volatile.Read(ref _learned) is { } learned)
        {
            await learned.TakeAsync(1, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>An answer has come.</summary>
    /// <param name="status">Its status.</param>
    internal void Observe(int status)
    {
        lock (_lock)
        {
            var now = time.GetElapsedTime(_start);
            Turn(now);
            if (status == 429)
            {
                Lower(now);
                return;
            }

            _answered[_tenth % _answered.Length]++;
            if (_learned is { } pace && now - _risen >= Second)
            {
                Raise(pace, now);
            }
        }
    }

    // What is older than a second counts no more.
    private void Turn(TimeSpan now)
    {
        var tenth = (long)(now.TotalSeconds * _answered.Length);
        for (var i = Math.Min(tenth - _tenth, _answered.Length); i > 0; i--)
        {
            _answered[(tenth - i + 1) % _answered.Length] = 0;
        }

        _tenth = Math.Max(tenth, _tenth);
    }

    private void Lower(TimeSpan now)
    {
        if (now - _refused < Second)
        {
            return;
        }

        double answered = Math.Max(1, _answered.Sum());
        if (_learned is null && answered < FewestAnswers)
        {
            return;
        }

        if (_learned is { } pace)
        {
            // After a pause few were answered: that says little.
            pace.PerSecond = Math.Max(Lowest, Math.Min(pace.PerSecond * 0.95, Math.Max(pace.PerSecond / 2, answered)));
            _rise = Math.Max(SlowestRise, 1 + ((_rise - 1) / 4));
        }
        else
        {
            Volatile.Write(ref _learned, new Pace(Math.Max(answered, LowestAtFirst), time));
        }

        (_refused, _risen, _calm) = (now, now, 0);
    }

    private void Raise(Pace pace, TimeSpan now)
    {
        pace.PerSecond *= _rise;
        _risen = now;
        if (++_calm % Calm == 0)
        {
            _rise = Math.Min(QuickestRise, 1 + ((_rise - 1) * 2));
        }

        if (pace.PerSecond > Unlimited)
        {
            Volatile.Write(ref _learned, null);
        }
    }
}
