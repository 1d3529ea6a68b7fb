using System.Collections.Concurrent;
using OciSync.Core.Distribution;

namespace OciSync.Core.Filling;

/// <summary>When tags were last asked for upstream, and what was not there.</summary>
/// <param name="life">How long an answer holds.</param>
/// <param name="clock">The clock.</param>
internal sealed class TagAges(TimeSpan life, TimeProvider clock)
{
    /// <summary>So long upstream isn't asked again for what it had no answer to.</summary>
    internal static readonly TimeSpan TroubleLife = TimeSpan.FromSeconds(30);

    // Long enough that a crowd of clients is one question; short enough for who has just mended the login that upstream is asked with.
    private static readonly TimeSpan DenialLife = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan AbsenceLife = TimeSpan.FromMinutes(1);

    // Names that somebody makes up are forgotten together.
    private const int MaxAbsent = 10_000;

    private readonly ConcurrentDictionary<(string Name, string Tag), DateTimeOffset> _fresh = new();
    private readonly ConcurrentDictionary<(string Name, string Reference), (DateTimeOffset Until, NotServedException? Refusal)> _absent = new();

    internal bool IsFresh(string name, string tag) => _fresh.TryGetValue((name, tag), out var until) && clock.GetUtcNow() < until;

    /// <summary>Whether it was not there a moment ago. <exception cref="NotServedException">It was refused then.</exception></summary>
    internal bool IsAbsent(string name, string reference)
    {
        var isAbsent = _absent.TryGetValue((name, reference), out var known) && clock.GetUtcNow() < known.Until;
        return isAbsent && known.Refusal is { } refusal ? throw refusal : isAbsent;
    }

    internal void Renew(string name, string tag) => _fresh[(name, tag)] = clock.GetUtcNow() + life;

    /// <summary>Upstream has no answer: what is in the folder is good for a moment.</summary>
    internal void Bridge(string name, string tag) => _fresh[(name, tag)] = clock.GetUtcNow() + (life < TroubleLife ? life : TroubleLife);

    internal void Forget(string name, string tag) => _fresh.TryRemove((name, tag), out _);

    /// <summary>It is not there; or it is refused here, and why.</summary>
    internal void Miss(string name, string reference, NotServedException? refusal = null) => Keep(name, reference, AbsenceLife, refusal);

    /// <summary>Upstream doesn't let us read it, with the login that we have.</summary>
    internal void Deny(string name, string reference, NotServedException refusal) => Keep(name, reference, DenialLife, refusal);

    private void Keep(string name, string reference, TimeSpan time, NotServedException? refusal)
    {
        if (_absent.Count >= MaxAbsent)
        {
            _absent.Clear();
        }

        _absent[(name, reference)] = (clock.GetUtcNow() + time, refusal);
    }
}
