using System.Diagnostics;

namespace OciSync.Testing.Registry.Faults;

/// <summary>A registry that gives so many answers in any second, and 429 with <c>Retry-After: 1</c> to whatever comes beyond that.</summary>
public sealed class RequestLimit
{
    private readonly Lock gate = new();
    private readonly Queue<long> given = new();
    private readonly int perSecond;

    private RequestLimit(int perSecond) => this.perSecond = perSecond;

    /// <summary>Sets the limit for all requests of a registry; gives the fault, which counts those that were refused.</summary>
    public static Fault Set(EmbeddedRegistry registry, int perSecond)
    {
        var limit = new RequestLimit(perSecond);
        return registry.Faults.Add(new Fault
        {
            Predicate = _ => limit.IsTooMany(),
            Action = FaultAction.RetryAfter(429, "1"),
            Times = int.MaxValue,
            BeforeAuthorization = true,
        });
    }

    private bool IsTooMany()
    {
        lock (gate)
        {
            var now = Stopwatch.GetTimestamp();
            while (given.TryPeek(out var first) && now - first >= Stopwatch.Frequency)
            {
                given.Dequeue();
            }

            if (given.Count >= perSecond)
            {
                return true;
            }

            given.Enqueue(now);
            return false;
        }
    }
}
