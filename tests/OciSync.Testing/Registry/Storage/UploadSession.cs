namespace OciSync.Testing.Registry.Storage;

/// <summary>One upload that was begun and neither committed nor cancelled.</summary>
internal sealed class UploadSession(string id, string repository, UploadBuffer buffer) : IAsyncDisposable
{
    private readonly SemaphoreSlim turn = new(1, 1);
    private int state;

    internal string Id => id;

    internal string Repository => repository;

    internal UploadBuffer Buffer => buffer;

    /// <summary>Part of the location; it changes with each answer, so that a client that keeps an old location is found out.</summary>
    internal string State => state.ToString(System.Globalization.CultureInfo.InvariantCulture);

    internal void Advance() => Interlocked.Increment(ref state);

    internal async Task<IDisposable> EnterAsync(CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken);
        return new Turn(turn);
    }

    public ValueTask DisposeAsync() => buffer.DisposeAsync();

    private sealed class Turn(SemaphoreSlim semaphore) : IDisposable
    {
        public void Dispose() => semaphore.Release();
    }
}
