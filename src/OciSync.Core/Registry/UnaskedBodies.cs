namespace OciSync.Core.Registry;

/// <summary>
/// Which bodies of uploads set out without the registry's word (<c>Expect: 100-continue</c>, RFC 9110, 10.1.1). The word costs a round trip; without it what
/// is refused (401, 413) is sent in vain. So few bytes go without it, and, where a round trip is long, one body at a time until as much was taken.
/// </summary>
/// <param name="mayTry">
/// Large ones may go so. One that is refused or breaks takes a retry, and to ask for it in another way one more, which must be there. On .NET Framework how
/// bodies go is set for all connections to a host at once.
/// </param>
internal sealed class UnaskedBodies(bool mayTry)
{
    // To send so much takes no longer than to ask.
    private const long Few = 1024 * 1024;

    // What a refusal may cost, once in a run.
    private const long Most = 64 * 1024 * 1024;

    private readonly object _lock = new();
    private long _taken;
    private bool _isTried;
    private bool _isOver;

    /// <summary>The registry redirects uploads after it has taken the bytes: its word is waited for before any.</summary>
    internal bool IsRefused { get; set; }

    /// <summary>A body of so many bytes went at once because a round trip is long.</summary>
    internal static bool IsTrial(long size) => size > Few;

    /// <summary>Whether a body may go at once; if it is no small one, its end has to be told by <see cref="End"/>.</summary>
    /// <param name="size">Its bytes.</param>
    /// <param name="isFar">A round trip is long.</param>
    internal bool TryBegin(long size, bool isFar)
    {
        if (size == 0 || (size <= Few && !IsRefused))
        {
            return true;
        }

        lock (_lock)
        {
            if (!mayTry || !isFar || IsRefused || _isOver || size > Most || (size > _taken && _isTried))
            {
                return false;
            }

            _isTried |= size > _taken;
            return true;
        }
    }

    /// <summary>A body that went at once was taken; or it was not, and for the rest of the run all are asked for.</summary>
    internal void End(long size, bool isTaken)
    {
        if (!IsTrial(size))
        {
            return;
        }

        lock (_lock)
        {
            _isOver |= !isTaken;
            _isTried &= size <= _taken;
            _taken = isTaken ? Math.Max(_taken, size) : _taken;
        }
    }
}
