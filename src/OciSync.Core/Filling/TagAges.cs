using System.Collections.Concurrent;

namespace OciSync.Core.Filling;

/// <summary>When tags were last asked for upstream, and what was not there.</summary>
/// <param name="life">How long an answer holds.</param>
/// <param name="time">The clock.</param>
internal sealed class TagAges(TimeSpan life, TimeProvider time)
{
    private static readonly TimeSpan AbsenceLife = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan TroubleLife = TimeSpan.FromSeconds(30);

    // Names that somebody makes up are forgotten together.
    private const int MaxAbsent = 10_000;

    private readonly ConcurrentDictionary<(string Name, string Tag), DateTimeOffset> _fresh = new();
    private readonly ConcurrentDictionary<(string Name, string Reference), DateTimeOffset> _absent = new();

    internal bool IsFresh(string name, string tag) => _fresh.TryGetValue((name, tag), out var until) && time.GetUtcNow() < until;

    internal bool IsAbsent(string name, string reference) => _absent.TryGetValue((name, reference), out var until) && time.GetUtcNow() < until;

    internal void Renew(string name, string tag) => _fresh[(name, tag)] = time.GetUtcNow() + life;

    /// <summary>Upstream has no answer: what is in the folder is good for a moment.</summary>
    internal void Bridge(string name, string tag) => _fresh[(name, tag)] = time.GetUtcNow() + (life < TroubleLife ? life : TroubleLife);

    internal void Forget(string name, string tag) => _fresh.TryRemove((name, tag), out _);

    internal void Miss(string name, string reference)
    {
        if (_absent.Count >= MaxAbsent)
        {
            _absent.Clear();
        }

        _absent[(name, reference)] = time.GetUtcNow() + AbsenceLife;
    }
}
