using OciSync.Core.Errors;

namespace OciSync.Core.Flow;

/// <summary>
/// Whether a registry is worth asking. Once it is proven to be down, what wants something of it fails at once with that proof, so that
/// it doesn't hold up what goes elsewhere; every half minute one request may find out that it is back.
/// </summary>
internal sealed class Circuit(string host, TimeProvider time, Action<string> tell)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    private readonly object _lock = new();
    private volatile OciException? _proof;
    private DateTimeOffset _next;

    internal bool IsOpen => _proof is not null;

    /// <summary>Throws where the registry is known to be down, and otherwise does nothing. <exception cref="OciException">It is.</exception></summary>
    internal void Check()
    {
        if (_proof is null)
        {
            return;
        }

        lock (_lock)
        {
            if (_proof is not { } proof)
            {
                return;
            }

            if (time.GetUtcNow() < _next)
            {
                throw proof.With(
                    message: $"'{host}' is down and is not asked again for now: {proof.Message}", inner: proof, isTransient: false, noAnswerFrom: host);
            }

            _next = time.GetUtcNow() + Pause;
        }
    }

    /// <summary>To be called when the registry is down, as this failure proves: what wants it from now on fails at once.</summary>
    internal void Open(OciException proof)
    {
        lock (_lock)
        {
            if (_proof is not null)
            {
                return;
            }

            _proof = proof;
            _next = time.GetUtcNow() + Pause;
        }

        tell($"'{host}' is down; what is still to be done there fails at once until it answers again.");
    }

    /// <summary>To be called when the registry gave an answer: it is not down (any more).</summary>
    internal void Close()
    {
        if (_proof is null)
        {
            return;
        }

        lock (_lock)
        {
            _proof = null;
        }

        tell($"'{host}' answers again.");
    }
}
