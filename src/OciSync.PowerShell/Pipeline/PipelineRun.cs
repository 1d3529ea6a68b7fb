using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using System.Runtime.ExceptionServices;

namespace OciSync.PowerShell.Pipeline;

/// <summary>One piece of work of a cmdlet: it runs on the thread pool while the pipeline thread, held here, writes what it posts.</summary>
[SuppressMessage(
    "Design",
    "CA1001",
    Justification = "The cancellation is disposed when the work has ended, which may be after the pipeline went on without it; the event holds nothing.")]
internal sealed class PipelineRun
{
    /// <summary>How many objects and errors may be unwritten.</summary>
    private const int Capacity = 256;

    /// <summary>How long cancelled work may take to end; after that the pipeline goes on without it.</summary>
    private const int JoinMilliseconds = 900;

    /// <summary>How long the pipeline is held while the process is being ended; when somebody keeps it alive, the pipeline stops then.</summary>
    private const int TerminationMilliseconds = 3000;

    private readonly AsyncCmdlet _cmdlet;
    private readonly PipelineQueue _queue;
    private readonly BackgroundCancellation _cancellation;
    private readonly TaskCompletionSource<bool> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ManualResetEventSlim _released = new();
    private volatile bool _stopped;
    private volatile bool _terminated;

    internal PipelineRun(AsyncCmdlet cmdlet, ProgressThrottle progress, CancellationToken stop)
    {
        _cmdlet = cmdlet;
        _queue = new PipelineQueue(progress, Capacity);
        _cancellation = new BackgroundCancellation(stop);
    }

    /// <summary>Done when the work has ended, however it did.</summary>
    internal Task Ended => _ended.Task;

    /// <summary>Called from the thread that stops the pipeline: nothing more is written, the pipeline thread begins to leave.</summary>
    internal void Stop()
    {
        _stopped = true;
        _released.Set();
        _queue.Close();
    }

    /// <summary>
    /// The process is about to be ended: the work is cancelled, nothing more is written, and the pipeline thread is held, so that no script
    /// goes on with what is left of its lines or ends the process in its own way before the request does.
    /// </summary>
    internal void Terminate()
    {
        _terminated = true;
        _queue.Close();
        _cancellation.Cancel();
    }

    /// <summary>Gives back how the work failed, or null; throws unchanged what a Write call threw.</summary>
    internal ExceptionDispatchInfo? Execute(Func<PipelineWriter, CancellationToken, Task> work)
    {
        Termination.Enter(this);
        var running = Task.Run(() => WorkAsync(work));
        try
        {
            Pump();
            return _stopped || _terminated ? throw new PipelineStoppedException() : _queue.Failure;
        }
        catch
        {
            _queue.Close();
            _cancellation.Cancel();
            _queue.WaitForEnd(JoinMilliseconds);
            HoldForTermination();
            throw;
        }
        finally
        {
            // What the work left running, against the rules, must not wait for an answer for ever.
            _queue.Close();
            Termination.Leave(this);
            CompleteProgress();
            _ = DisposeAfterAsync(running);
        }
    }

    private void Pump()
    {
        while (_queue.Take() is { } item)
        {
            item.Run(_cmdlet);
            _queue.Done(item);
        }
    }

    private void HoldForTermination()
    {
        if (_terminated)
        {
            _released.Wait(TerminationMilliseconds);
        }
    }

    private async Task WorkAsync(Func<PipelineWriter, CancellationToken, Task> work)
    {
        ExceptionDispatchInfo? failure = null;
        try
        {
            await work(new PipelineWriter(_queue, _cancellation.Token), _cancellation.Token).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            failure = ExceptionDispatchInfo.Capture(exception);
        }

        _queue.End(failure);
        _ended.TrySetResult(true);
    }

    private async Task DisposeAfterAsync(Task running)
    {
        await running.ConfigureAwait(false);
        _cancellation.Dispose();
    }

    private void CompleteProgress()
    {
        try
        {
            foreach (var record in _queue.FinishProgress())
            {
                _cmdlet.WriteProgress(record);
            }
        }
        catch (PipelineStoppedException)
        {
            // A stopped pipeline takes no more records, and its host clears the progress by itself.
            return;
        }
    }
}
