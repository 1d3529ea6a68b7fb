using System.Management.Automation;
using System.Runtime.ExceptionServices;

namespace OciSync.PowerShell;

/// <summary>
/// A cmdlet whose work runs on the thread pool while the pipeline thread alone writes. Stopping the pipeline, and any exception out of a
/// write (<c>Select-Object -First</c>, <c>-ErrorAction Stop</c>), cancels the work and waits for it, for a bounded time, before it goes on.
/// </summary>
public abstract class AsyncCmdlet : PSCmdlet, IDisposable
{
    // Work obeys its token at once, save for what it cleans up at registries (half a second each, at the same time).
    private static readonly TimeSpan JoinPatience = TimeSpan.FromMilliseconds(900);

    private readonly CancellationTokenSource _stop = new();

    private protected bool IsWhatIf =>
        MyInvocation.BoundParameters.TryGetValue("WhatIf", out var bound)
            ? bound is SwitchParameter { IsPresent: true }
            : SessionState.PSVariable.GetValue("WhatIfPreference") is { } preference && LanguagePrimitives.IsTrue(preference);

    /// <summary>Runs the work to its end and writes what it gives, in order.</summary>
    private protected void RunAsync(Func<PipelineWriter, CancellationToken, Task> work)
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        using var writer = new PipelineWriter(cancel.Token);
        var task = StartAsync(work, writer, cancel.Token);
        try
        {
            writer.Pump(this);
        }
        catch (Exception)
        {
            cancel.Cancel();
            Join(task);
            throw;
        }

        Finish(task);
    }

    /// <inheritdoc/>
    protected override void StopProcessing() => _stop.Cancel();

    /// <summary>Frees what the cmdlet holds.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees what the cmdlet holds.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            _stop.Dispose();
        }
    }

    private static async Task StartAsync(Func<PipelineWriter, CancellationToken, Task> work, PipelineWriter writer, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Run(() => work(writer, cancellationToken), CancellationToken.None).ConfigureAwait(false);
        }
        finally
        {
            writer.Complete();
        }
    }

    // The queue is drained: the task has ended, or ends with its next instruction.
    private void Finish(Task task)
    {
        Join(task);
        if (_stop.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }

        if (task.Exception?.InnerException is { } failure)
        {
            ExceptionDispatchInfo.Capture(failure).Throw();
        }
    }

    private static void Join(Task task)
    {
        // Waiting by WaitHandle never throws what the task failed with.
        ((IAsyncResult)task).AsyncWaitHandle.WaitOne(JoinPatience);
        _ = task.ContinueWith(t => t.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
    }
}
