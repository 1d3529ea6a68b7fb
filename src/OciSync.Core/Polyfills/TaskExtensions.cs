namespace OciSync.Core.Polyfills;

/// <summary>Waiting for a task that others share, without cancelling it for them.</summary>
internal static class TaskExtensions
{
    internal static async Task<T> JoinAsync<T>(this Task<T> task, CancellationToken cancellationToken)
    {
        if (!task.IsCompleted && cancellationToken.CanBeCanceled)
        {
            var cancelled = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            using (cancellationToken.Register(() => cancelled.TrySetResult(true)))
            {
                if (await Task.WhenAny(task, cancelled.Task).ConfigureAwait(false) != task)
                {
                    Observe(task);
                    throw new OperationCanceledException(cancellationToken);
                }
            }
        }

        return await task.ConfigureAwait(false);
    }

    /// <summary>Waits until the task has ended, however it did, but no longer than that; nothing of the waiting is left behind.</summary>
    internal static async Task EndOrAsync(this Task task, TimeSpan patience, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!task.IsCompleted)
        {
            var over = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            using var limit = time.EndAfter(patience);
            using (limit.Token.Register(() => over.TrySetResult(true)))
            using (cancellationToken.Register(() => over.TrySetResult(true)))
            {
                await Task.WhenAny(task, over.Task).ConfigureAwait(false);
            }
        }
    }

    /// <summary>The value of a task that has run to completion; it never waits.</summary>
    internal static T GetCompleted<T>(this Task<T> task) =>
        task.Status == TaskStatus.RanToCompletion ? task.Result : throw new InvalidOperationException("The task has not completed.");

    /// <summary>Keeps a failure that nobody waits for any more from surfacing as an unobserved one.</summary>
    internal static void Observe(this Task task) =>
        task.ContinueWith(
            t => t.Exception,
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
}
