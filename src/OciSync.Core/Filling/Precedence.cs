using OciSync.Core.Polyfills;

namespace OciSync.Core.Filling;

/// <summary>Clients go first: what nobody waits for is fetched when none has asked for a moment; but it doesn't wait for ever.</summary>
/// <param name="rest">The moment.</param>
/// <param name="patience">How long one piece of work waits for it, all in all.</param>
/// <param name="time">The clock.</param>
internal sealed class Precedence(TimeSpan rest, TimeSpan patience, TimeProvider time)
{
    private readonly object _lock = new();
    private int _clients;
    private DateTimeOffset _last = DateTimeOffset.MinValue;

    /// <summary>A client wants something that is fetched until the task ends.</summary>
    internal async Task ServeAsync(Task fetched)
    {
        Count(1);
        try
        {
            await fetched.ConfigureAwait(false);
        }
        finally
        {
            Count(-1);
        }
    }

    /// <summary>A client has asked for something.</summary>
    internal void Note() => Count(0);

    /// <summary>Until when work that begins now waits for clients.</summary>
    internal DateTimeOffset Begin() => time.GetUtcNow() + patience;

    /// <summary>Waits until no client waits, or until then.</summary>
    internal async Task WaitAsync(DateTimeOffset end, CancellationToken cancellationToken)
    {
        while (!IsQuiet() && time.GetUtcNow() < end)
        {
            await time.DelayAsync(TimeSpan.FromTicks(rest.Ticks / 8), cancellationToken).ConfigureAwait(false);
        }
    }

    private bool IsQuiet()
    {
        lock (_lock)
        {
            return _clients == 0 && time.GetUtcNow() - _last >= rest;
        }
    }

    private void Count(int change)
    {
        lock (_lock)
        {
            _clients += change;
            _last = time.GetUtcNow();
        }
    }
}
