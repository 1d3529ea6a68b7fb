namespace OciSync.Core.Flow;

/// <summary>
/// Permits for blob transfers with one registry. A transfer that touches several registries takes their permits in one order for all, so
/// that transfers never wait for each other in a circle.
/// </summary>
internal sealed class TransferGate(string key, Window permits) : IDisposable
{
    private readonly Window _permits = permits;

    internal TransferGate(string key, int permits)
        : this(key, new Window(permits, permits))
    {
    }

    // Unique in a run: the place in the order.
    private string Key { get; } = key;

    /// <summary>
    /// Takes a permit of each gate, but waits for one of those that are not <paramref name="needed"/> no longer than the patience lasts:
    /// whose permit wasn't to be had is left out.
    /// </summary>
    internal static async Task<TransferPermits> EnterAsync(
        IEnumerable<TransferGate> gates, Func<TransferGate, bool> needed, TimeSpan patience, TimeProvider time, CancellationToken cancellationToken)
    {
        var taken = new TransferPermits();
        try
        {
            foreach (var gate in gates.Distinct().OrderBy(g => g.Key, StringComparer.Ordinal))
            {
                var limit = needed(gate) ? Timeout.InfiniteTimeSpan : patience;
                if (await gate._permits.EnterAsync(limit, time, cancellationToken).ConfigureAwait(false))
                {
                    taken.Add(gate);
                }
            }
        }
        catch (OperationCanceledException)
        {
            taken.Dispose();
            throw;
        }

        return taken;
    }

    /// <summary>Takes a permit that is free; false where none is.</summary>
    internal bool TryEnter() => _permits.TryEnter();

    internal void Leave() => _permits.Leave();

    public void Dispose() => _permits.Dispose();
}
