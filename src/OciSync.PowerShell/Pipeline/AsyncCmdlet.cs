using System.Diagnostics;
using System.Management.Automation;

namespace OciSync.PowerShell.Pipeline;

/// <summary>
/// Base of the cmdlets: runs asynchronous work on the thread pool, while the pipeline thread alone writes.
/// A stop, and any exception out of a Write call, cancels the work and waits for its end, but less than a second.
/// </summary>
public abstract class AsyncCmdlet : PSCmdlet, IDisposable
{
    private const int ProgressMilliseconds = 200;

    private readonly object _gate = new();
    private readonly BackgroundCancellation _stop = new();
    private readonly ProgressThrottle _progress = new(ProgressMilliseconds, () => Stopwatch.GetTimestamp() / (Stopwatch.Frequency / 1000));
    private PipelineRun? _run;
    private bool _stopping;

    /// <summary>-WhatIf was given, or is the caller's preference.</summary>
    private protected bool IsWhatIf =>
        MyInvocation.BoundParameters.TryGetValue("WhatIf", out var bound)
            ? bound is SwitchParameter { IsPresent: true }
            : LanguagePrimitives.IsTrue(SessionState.PSVariable.GetValue("WhatIfPreference"));

    // By itself -Debug makes PowerShell inquire at verbose messages, although it shows debug messages without a question.
    internal bool AsksAtVerbose =>
        MyInvocation.BoundParameters.TryGetValue("Debug", out var debug)
        && debug is SwitchParameter { IsPresent: true }
        && !MyInvocation.BoundParameters.ContainsKey("Verbose");

    /// <summary>Lets go of what the cmdlet holds; PowerShell calls it at the end of the pipeline.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>
    /// Holds the pipeline thread until the work has ended and all it wrote is written. The work must obey the token: it is
    /// cancelled when the pipeline stops or a Write call throws.
    /// </summary>
    /// <param name="work">Runs on the thread pool; uses the writer instead of the cmdlet's own methods.</param>
    protected void Run(Func<PipelineWriter, CancellationToken, Task> work)
    {
        var run = new PipelineRun(this, _progress, _stop.Token);
        Enter(run);
        try
        {
            if (run.Execute(work) is { } failure)
            {
                if (ToErrorRecord(failure.SourceException) is { } error)
                {
                    ThrowTerminatingError(error);
                }

                failure.Throw();
            }
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>Turns what the work threw into a terminating error; null lets the exception through as it is.</summary>
    protected virtual ErrorRecord? ToErrorRecord(Exception exception) => null;

    /// <summary>Cancels the work; called by PowerShell from another thread. Does not wait.</summary>
    protected override void StopProcessing()
    {
        lock (_gate)
        {
            _stopping = true;
            _run?.Stop();
        }

        _stop.Cancel();
    }

    /// <summary>For derived classes that hold something of their own.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            _stop.Dispose();
        }
    }

    private void Enter(PipelineRun run)
    {
        lock (_gate)
        {
            if (_stopping)
            {
                throw new PipelineStoppedException();
            }

            _run = run;
        }
    }

    private void Leave()
    {
        lock (_gate)
        {
            _run = null;
        }
    }
}
