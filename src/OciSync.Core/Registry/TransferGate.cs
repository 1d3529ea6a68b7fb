namespace OciSync.Core.Registry;

/// <summary>
/// Permits for blob transfers with one registry. A transfer that touches several registries takes their permits in the order of their
/// names, so that transfers never wait for each other in a circle.
/// </summary>
internal sealed class TransferGate(string host, int permits) : IDisposable
{
    private readonly SemaphoreSlim _permits = new(permits, permits);

    private string Host { get; } = host;

    /// <summary>Takes a permit of each gate; the result gives them back.</summary>
    internal static async Task<IDisposable> EnterAsync(IEnumerable<TransferGate> gates, CancellationToken cancellationToken)
    {
        var taken = new Taken();
        try
        {
            foreach (var gate in gates.Distinct().OrderBy(g => g.Host, StringComparer.Ordinal))
            {
                await gate._permits.WaitAsync(cancellationToken).ConfigureAwait(false);
                taken.Gates.Push(gate);
            }
        }
        catch (OperationCanceledException)
        {
            taken.Dispose();
            throw;
        }

        return taken;
    }

    public void Dispose() => _permits.Dispose();

    private sealed class Taken : IDisposable
    {
        internal Stack<TransferGate> Gates { get; } = new();

        public void Dispose()
        {
            while (Gates.Count > 0)
            {
                Gates.Pop()._permits.Release();
            }
        }
    }
}
