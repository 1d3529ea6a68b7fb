using OciSync.PowerShell.Polyfills;

namespace OciSync.PowerShell.Pipeline;

/// <summary>
/// What runs when the process is told to end (docker stop, Kubernetes, a cancelled job) is cancelled first, so that no upload stays open at
/// a registry. The process is listened for only while something runs, in all runspaces together, and it ends by the signal as it would have.
/// </summary>
internal static class Termination
{
    /// <summary>How long all work together may take to end. The sender of the signal has its own limit, and it is longer.</summary>
    internal const int WaitMilliseconds = 1000;

    private static readonly object Gate = new();
    private static readonly List<PipelineRun> Runs = [];
    private static IDisposable? listening;

    /// <summary>The work is told of a request until <see cref="Leave"/>.</summary>
    internal static void Enter(PipelineRun run)
    {
        lock (Gate)
        {
            listening ??= TerminationRequests.Listen(EndAll);
            Runs.Add(run);
        }
    }

    internal static void Leave(PipelineRun run)
    {
        lock (Gate)
        {
            Runs.Remove(run);
            if (Runs.Count == 0)
            {
                listening?.Dispose();
                listening = null;
            }
        }
    }

    /// <summary>Cancels everything that runs and waits for its end, but not longer than the limit.</summary>
    internal static void EndAll()
    {
        PipelineRun[] runs;
        lock (Gate)
        {
            runs = [.. Runs];
        }

        foreach (var run in runs)
        {
            run.Terminate();
        }

        Task.WaitAll([.. runs.Select(r => r.Ended)], WaitMilliseconds);
    }
}
