namespace OciSync.Core.Flow;

/// <summary>How far away a registry is: the shortest time in which it has answered a request without a body.</summary>
internal sealed class Distance
{
    // From here on a round trip costs more than a good part of the work that it could save.
    private static readonly TimeSpan Far = TimeSpan.FromMilliseconds(20);

    // What has a connection to open first takes twice as long at least, and in a new process some time for itself.
    private static readonly TimeSpan FarContact = TimeSpan.FromMilliseconds(60);

    // One answer may take its time for other reasons.
    private const int Enough = 2;

    private readonly object _lock = new();
    private TimeSpan? _nearest;
    private int _count;
    private bool _hasFarContact;

    /// <summary>Whether round trips are worth more than what is read or asked in vain now and then.</summary>
    internal bool IsFar
    {
        get
        {
            lock (_lock)
            {
                // In a new process everything takes its time at first: with the contact as the second answer the other one has to be late beyond doubt.
                return (_count >= Enough && _nearest >= Far) || (_hasFarContact && _nearest >= Far + Far);
            }
        }
    }

    /// <summary>The shortest time until now; null where nothing has shown it.</summary>
    internal TimeSpan? Nearest
    {
        get
        {
            lock (_lock)
            {
                return _nearest;
            }
        }
    }

    /// <summary>
    /// The first answer, on a new connection, has come after so long. It is one of those that show a long way, and says nothing of how long it is.
    /// </summary>
    internal void LearnContact(TimeSpan time)
    {
        lock (_lock)
        {
            _hasFarContact |= time >= FarContact;
        }
    }

    /// <summary>An answer has come after so long; null where that says nothing.</summary>
    /// <returns>The shortest time until now.</returns>
    internal TimeSpan? Learn(TimeSpan? time)
    {
        lock (_lock)
        {
            _count += time is null ? 0 : 1;
            return _nearest = time is { } t && !(t >= _nearest) ? t : _nearest;
        }
    }
}
