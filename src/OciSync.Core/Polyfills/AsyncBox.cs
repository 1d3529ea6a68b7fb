#if NET8_0_OR_GREATER
namespace System.Runtime.CompilerServices;

/// <summary>An async method that waits for something.</summary>
internal abstract class AsyncBox
{
    private readonly Action _goOn;
    private ExecutionContext? _context;

    protected AsyncBox() => _goOn = GoOn;

    /// <summary>Runs a method to its first wait; what it sets in the context stays its own.</summary>
    internal static void Start<TStateMachine>(ref TStateMachine stateMachine)
        where TStateMachine : IAsyncStateMachine
    {
        var before = ExecutionContext.Capture();
        try
        {
            stateMachine.MoveNext();
        }
        finally
        {
            if (before is not null && !ReferenceEquals(before, ExecutionContext.Capture()))
            {
                ExecutionContext.Restore(before);
            }
        }
    }

    /// <summary>Keeps the context; gives what goes on.</summary>
    internal Action Suspend()
    {
        _context = ExecutionContext.Capture();
        return _goOn;
    }

    /// <summary>Runs the method to its next wait or its end.</summary>
    protected abstract void MoveNext();

    private void GoOn()
    {
        if (_context is { } context)
        {
            ExecutionContext.Run(context, static box => ((AsyncBox)box!).MoveNext(), this);
        }
        else
        {
            MoveNext();
        }
    }
}

/// <summary>With its state.</summary>
internal sealed class AsyncBox<TStateMachine> : AsyncBox
    where TStateMachine : IAsyncStateMachine
{
    /// <summary>Where the method is, and its variables.</summary>
    internal TStateMachine StateMachine = default!;

    protected override void MoveNext() => StateMachine.MoveNext();
}
#endif
