namespace OciSync.Core.Flow;

/// <summary>Random numbers that any thread may ask for. A generator by itself is for one thread: raced, that of .NET Framework gives 0 for ever.</summary>
/// <param name="next">The generator: a number from 0 up to 1.</param>
internal sealed class Chance(Func<double> next)
{
    private readonly object _lock = new();

    /// <summary>One for the process. Processes that start together don't wait alike, as they would with the time as the seed.</summary>
    internal static Chance Shared { get; } = new(new Random(Guid.NewGuid().GetHashCode()).NextDouble);

    /// <summary>The next number, from 0 up to 1.</summary>
    internal double Next()
    {
        lock (_lock)
        {
            return next();
        }
    }
}
