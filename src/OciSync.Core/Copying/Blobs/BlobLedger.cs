using OciSync.Core.Images;
using OciSync.Core.References;

namespace OciSync.Core.Copying.Blobs;

/// <summary>What a run knows of blobs at destinations, and who is bringing which: never the same blob twice to one registry at a time.</summary>
internal sealed class BlobLedger
{
    private readonly object _lock = new();
    private readonly Dictionary<(string Host, Digest Digest), HashSet<string>> _repositories = [];
    private readonly Dictionary<(string Host, Digest Digest), TaskCompletionSource<bool>> _claims = [];

    /// <summary>What destinations have shown, and what was sent to them.</summary>
    internal Proofs Proofs { get; } = new();

    internal bool Knows(IImageStore client, Digest digest)
    {
        lock (_lock)
        {
            return _repositories.TryGetValue((client.Connection.Host, digest), out var set) && set.Contains(client.Repository);
        }
    }

    internal void Learn(IImageStore client, Digest digest)
    {
        lock (_lock)
        {
            if (!_repositories.TryGetValue((client.Connection.Host, digest), out var set))
            {
                _repositories.Add((client.Connection.Host, digest), set = new HashSet<string>(StringComparer.Ordinal));
            }

            set.Add(client.Repository);
        }
    }

    /// <summary>The registry says it lacks the blob after all.</summary>
    internal void Forget(IImageStore client, Digest digest)
    {
        lock (_lock)
        {
            if (_repositories.TryGetValue((client.Connection.Host, digest), out var set))
            {
                set.Remove(client.Repository);
            }
        }
    }

    /// <summary>Another repository of the same registry that has the blob, or null.</summary>
    internal string? FindSibling(IImageStore client, Digest digest)
    {
        lock (_lock)
        {
            return _repositories.TryGetValue((client.Connection.Host, digest), out var set) ? set.FirstOrDefault(r => r != client.Repository) : null;
        }
    }

    /// <summary>Takes it on to bring the blob to this registry; or gives the task of the one who already does.</summary>
    /// <param name="client">The repository.</param>
    /// <param name="digest">The blob.</param>
    /// <param name="known">How many repositories of the registry were known to have it when the caller last looked: more, and it has to look again.</param>
    internal Task? Claim(IImageStore client, Digest digest, int known)
    {
        lock (_lock)
        {
            var key = (client.Connection.Host, digest);
            if (CountKnown(key) > known)
            {
                return Task.CompletedTask;
            }

            if (_claims.TryGetValue(key, out var other))
            {
                return other.Task;
            }

            _claims.Add(key, new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously));
            return null;
        }
    }

    /// <summary>The task of the one who brings the blob to this registry at the moment, or null.</summary>
    internal Task<bool>? FindClaim(IImageStore client, Digest digest)
    {
        lock (_lock)
        {
            return _claims.TryGetValue((client.Connection.Host, digest), out var claim) ? claim.Task : null;
        }
    }

    /// <summary>How many repositories of the registry are known to have the blob.</summary>
    internal int CountKnown(IImageStore client, Digest digest)
    {
        lock (_lock)
        {
            return CountKnown((client.Connection.Host, digest));
        }
    }

    private int CountKnown((string Host, Digest Digest) key) => _repositories.TryGetValue(key, out var set) ? set.Count : 0;

    /// <summary>Ends a claim, whatever came of it; who waited looks again.</summary>
    internal void Release(IImageStore client, Digest digest)
    {
        TaskCompletionSource<bool>? claim;
        lock (_lock)
        {
            var key = (client.Connection.Host, digest);
            if (_claims.TryGetValue(key, out claim))
            {
                _claims.Remove(key);
            }
        }

        claim?.TrySetResult(true);
    }
}
