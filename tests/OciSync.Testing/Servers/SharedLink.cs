namespace OciSync.Testing.Servers;

/// <summary>A line that carries so many bytes a second, for all that use it together, in the order in which they come.</summary>
internal sealed class SharedLink(long bytesPerSecond)
{
    private readonly object gate = new();
    private DateTime next;

    /// <summary>Ends when the bytes have passed.</summary>
    internal Task PassAsync(int count, CancellationToken cancellationToken)
    {
        TimeSpan wait;
        lock (gate)
        {
            var now = DateTime.UtcNow;
            next = (next > now ? next : now) + TimeSpan.FromSeconds(count / (double)bytesPerSecond);
            wait = next - now;
        }

        // What is shorter than a timer's step is made up for by what comes after it.
        return wait > TimeSpan.FromMilliseconds(5) ? Task.Delay(wait, cancellationToken) : Task.CompletedTask;
    }
}
