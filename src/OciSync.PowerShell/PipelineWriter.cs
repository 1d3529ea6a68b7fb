using System.Collections.Concurrent;
using System.Management.Automation;
using OciSync.PowerShell.Output;

namespace OciSync.PowerShell;

/// <summary>Takes what the work writes, from any thread, to the pipeline thread, in order.</summary>
internal sealed class PipelineWriter : IDisposable
{
    private const int QueueLimit = 1000;

    private readonly BlockingCollection<Action<Cmdlet>> _queue = new(QueueLimit);
    private readonly CancellationToken _cancellation;
    private readonly ProgressThrottle _progress = new(ProgressThrottle.SystemClock);

    internal PipelineWriter(CancellationToken cancellationToken) => _cancellation = cancellationToken;

    internal void WriteObject(object value) => Post(c => c.WriteObject(value));

    internal void WriteError(ErrorRecord error) => Post(c => c.WriteError(error));

    internal void WriteWarning(string text) => Post(c => c.WriteWarning(text));

    internal void WriteVerbose(string text) => Post(c => c.WriteVerbose(text));

    /// <summary>Shows progress, at most five times a second for each activity; what is completed is always shown.</summary>
    internal void WriteProgress(ProgressRecord record)
    {
        if (_progress.Allows(record))
        {
            Post(c => c.WriteProgress(record));
        }
    }

    /// <summary>Asks on the pipeline thread, as ShouldProcess does.</summary>
    internal async Task<bool> ShouldProcessAsync(string target, string action)
    {
        var answer = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = _cancellation.Register(() => answer.TrySetCanceled());
        Post(c => answer.TrySetResult(c.ShouldProcess(target, action)));
        return await answer.Task.ConfigureAwait(false);
    }

    /// <summary>Writes, on the pipeline thread, all that comes until the work is complete.</summary>
    internal void Pump(Cmdlet cmdlet)
    {
        try
        {
            foreach (var write in _queue.GetConsumingEnumerable(_cancellation))
            {
                write(cmdlet);
            }
        }
        catch (OperationCanceledException) when (_cancellation.IsCancellationRequested)
        {
            // Stopped: the caller joins the work and says so.
        }
    }

    /// <summary>The work has ended: nothing more comes.</summary>
    internal void Complete()
    {
        try
        {
            _queue.CompleteAdding();
        }
        catch (ObjectDisposedException)
        {
            // The pipeline gave up waiting for work that didn't end in time.
        }
    }

    public void Dispose() => _queue.Dispose();

    // After a stop nobody reads: what is written then is dropped.
    private void Post(Action<Cmdlet> write)
    {
        try
        {
            _queue.Add(write, _cancellation);
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            // See above.
        }
    }
}
