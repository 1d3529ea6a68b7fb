namespace OciSync.Core.Flow;

/// <summary>Runs work for many items, at most a given number of them at the same time.</summary>
internal static class Throttle
{
    /// <summary>Runs the action for each item; the first failure cancels the rest, is waited out and thrown.</summary>
    internal static Task ForEachAsync<T>(
        IEnumerable<T> items, int limit, Func<T, CancellationToken, Task> action, CancellationToken cancellationToken) =>
        DrainAsync(new Queue<T>(items), limit, action, cancellationToken);

    /// <summary>The same of a queue that nobody else uses: what is done with is held no longer.</summary>
    internal static async Task DrainAsync<T>(Queue<T> queue, int limit, Func<T, CancellationToken, Task> action, CancellationToken cancellationToken)
    {
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAll(Start(Math.Min(Math.Max(1, limit), queue.Count), WorkAsync)).ConfigureAwait(false);

        async Task WorkAsync()
        {
            await Task.Yield();
            while (TryTake(queue, out var item))
            {
                try
                {
                    failed.Token.ThrowIfCancellationRequested();
                    await action(item!, failed.Token).ConfigureAwait(false);
                }
                catch (Exception)
                {
                    failed.Cancel();
                    throw;
                }
            }
        }
    }

    private static bool TryTake<T>(Queue<T> queue, out T? item)
    {
        lock (queue)
        {
            var any = queue.Count > 0;
            item = any ? queue.Dequeue() : default;
            return any;
        }
    }

    // Not by LINQ over numbers, whose types every new process would compile.
    private static Task[] Start(int count, Func<Task> work)
    {
        var started = new Task[count];
        for (var i = 0; i < count; i++)
        {
            started[i] = work();
        }

        return started;
    }
}
