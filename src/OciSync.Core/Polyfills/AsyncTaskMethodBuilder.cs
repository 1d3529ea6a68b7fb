#if NET8_0_OR_GREATER
#pragma warning disable CS0436, CA1822 // It stands in place of the framework's type on purpose; the compiler calls its methods on an instance.
namespace System.Runtime.CompilerServices;

/// <summary>
/// What the compiler builds the async methods of this assembly with, in place of the framework's type of this name. The framework's is generic over each
/// method's state machine and lies outside of what can be compiled ahead with this assembly, so every async method would be compiled five times over in
/// every new process; this one is compiled ahead. Results, failures and cancellations of tasks are the framework's own.
/// </summary>
[Microsoft.CodeAnalysis.Embedded]
internal struct AsyncTaskMethodBuilder
{
    // A method without a result has one that nobody sees.
    private AsyncTaskMethodBuilder<object?> _builder;

    /// <summary>The task of the method.</summary>
    public Task Task => _builder.Task;

    /// <summary>A builder for one call of a method.</summary>
    public static AsyncTaskMethodBuilder Create() => default;

    /// <summary>Runs the method to its first wait.</summary>
    public readonly void Start<TStateMachine>(ref TStateMachine stateMachine)
        where TStateMachine : IAsyncStateMachine => AsyncBox.Start(ref stateMachine);

    /// <summary>Never called for methods of today's compiler.</summary>
    public readonly void SetStateMachine(IAsyncStateMachine stateMachine)
    {
    }

    /// <summary>The method has ended.</summary>
    public void SetResult() => _builder.SetResult(null);

    /// <summary>The method has failed, or was cancelled.</summary>
    public void SetException(Exception exception) => _builder.SetException(exception);

    /// <summary>Goes on with the method when something has ended.</summary>
    public void AwaitOnCompleted<TAwaiter, TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : INotifyCompletion
        where TStateMachine : IAsyncStateMachine => _builder.AwaitOnCompleted(ref awaiter, ref stateMachine);

    /// <summary>Goes on with the method when something has ended; the context is kept here.</summary>
    public void AwaitUnsafeOnCompleted<TAwaiter, TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : ICriticalNotifyCompletion
        where TStateMachine : IAsyncStateMachine => _builder.AwaitUnsafeOnCompleted(ref awaiter, ref stateMachine);
}
#endif
