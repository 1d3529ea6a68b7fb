namespace OciSync.PowerShell.Pipeline;

/// <summary>One thing for the pipeline thread to do, and the promise to say when it was done or will never be.</summary>
/// <param name="action">Runs on the pipeline thread.</param>
/// <param name="takesRoom">Whether it counts against the queue's capacity until it has run.</param>
internal sealed class PipelineItem(Func<AsyncCmdlet, bool> action, bool takesRoom = false)
{
    private readonly TaskCompletionSource<bool> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal bool TakesRoom => takesRoom;

    /// <summary>What the action gave back; cancelled when it threw or never ran.</summary>
    internal Task<bool> Answer => _answer.Task;

    internal static PipelineItem Write(Action<AsyncCmdlet> write, bool takesRoom = false) => new(
        cmdlet =>
        {
            write(cmdlet);
            return true;
        },
        takesRoom);

    /// <summary>Runs the action; what it throws is the caller's to handle.</summary>
    internal void Run(AsyncCmdlet cmdlet)
    {
        try
        {
            _answer.TrySetResult(action(cmdlet));
        }
        finally
        {
            Abandon();
        }
    }

    /// <summary>Says that the action will not run (any more); without effect once there is an answer.</summary>
    internal void Abandon() => _answer.TrySetCanceled();
}
