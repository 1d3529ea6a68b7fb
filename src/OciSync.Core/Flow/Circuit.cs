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

    /// <summary>Fails when the registry is known to be down. <exception cref="OciException">It is.</exception></summary>
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
                throw new OciException(proof.Kind, $"'{host}' is down and is not asked again for now: {proof.Message}", proof)
                {
                    StatusCode = proof.StatusCode,
                    NoAnswerFrom = host,
                };
            }

            _next = time.GetUtcNow() + Pause;
        }
    }

    /// <summary>The registry is down, as this failure proves.</summary>
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

    /// <summary>The registry gave an answer.</summary>
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
