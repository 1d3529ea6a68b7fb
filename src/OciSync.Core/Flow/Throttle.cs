namespace OciSync.Core.Flow;

/// <summary>Runs work for many items, at most a given number of them at the same time.</summary>
internal static class Throttle
{
    /// <summary>Runs the action for each item; the first failure cancels the rest, is waited out and thrown.</summary>
    internal static async Task ForEachAsync<T>(
        IEnumerable<T> items, int limit, Func<T, CancellationToken, Task> action, CancellationToken cancellationToken)
    {
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var queue = new Queue<T>(items);
        var workers = Enumerable.Range(0, Math.Min(Math.Max(1, limit), queue.Count)).Select(_ => WorkAsync()).ToList();
        await Task.WhenAll(workers).ConfigureAwait(false);

        async Task WorkAsync()
        {
            await Task.Yield();
            while (TryTake(out var item))
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

        bool TryTake(out T? item)
        {
            lock (queue)
            {
                var any = queue.Count > 0;
                item = any ? queue.Dequeue() : default;
                return any;
            }
        }
    }
}
