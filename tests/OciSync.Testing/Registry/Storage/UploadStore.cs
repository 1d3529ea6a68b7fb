using System.Collections.Concurrent;

namespace OciSync.Testing.Registry.Storage;

/// <summary>The open upload sessions.</summary>
internal sealed class UploadStore(BlobStore blobs)
{
    private readonly ConcurrentDictionary<string, UploadSession> sessions = new(StringComparer.Ordinal);

    internal int Count => sessions.Count;

    internal UploadSession Open(string repository)
    {
        var session = new UploadSession(Guid.NewGuid().ToString(), repository, blobs.CreateBuffer());
        sessions[session.Id] = session;
        return session;
    }

    internal UploadSession? Find(string repository, string id) =>
        sessions.TryGetValue(id, out var session) && session.Repository == repository ? session : null;

    /// <summary>Takes the session out of the list; the caller that got true owns it and disposes of it.</summary>
    internal bool TryRemove(UploadSession session) => sessions.TryRemove(session.Id, out _);

    internal async Task ClearAsync()
    {
        foreach (var session in sessions.Values)
        {
            if (TryRemove(session))
            {
                await session.DisposeAsync();
            }
        }
    }
}
