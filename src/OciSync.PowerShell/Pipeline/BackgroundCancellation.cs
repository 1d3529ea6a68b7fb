namespace OciSync.PowerShell.Pipeline;

/// <summary>
/// A cancellation whose callbacks run on the thread pool, so that neither the pipeline thread nor the one that stops it
/// is held by them, and that is disposed only after they have run.
/// </summary>
internal sealed class BackgroundCancellation : IDisposable
{
    private readonly object _gate = new();
    private readonly CancellationTokenSource _source;
    private Task? _cancelling;
    private bool _disposed;

    internal BackgroundCancellation(CancellationToken linked = default)
    {
        _source = CancellationTokenSource.CreateLinkedTokenSource(linked);
        Token = _source.Token;
    }

    internal CancellationToken Token { get; }

    internal void Cancel()
    {
        lock (_gate)
        {
            if (!_disposed)
            {
                _cancelling ??= Task.Run(_source.Cancel);
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
        }

        _ = DisposeSourceAsync();
    }

    private async Task DisposeSourceAsync()
    {
        try
        {
            await (_cancelling ?? Task.CompletedTask).ConfigureAwait(false);
        }
        finally
        {
            _source.Dispose();
        }
    }
}
