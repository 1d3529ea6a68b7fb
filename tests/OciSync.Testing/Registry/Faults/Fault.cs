using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;

namespace OciSync.Testing.Registry.Faults;

/// <summary>A scripted fault: which requests it strikes, how often, and what it does.</summary>
public sealed class Fault
{
    private readonly TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int seen;
    private int hits;

    /// <summary>The method struck; null for all.</summary>
    public string? Method { get; init; }

    /// <summary>A text the path must contain; null for all.</summary>
    public string? PathContains { get; init; }

    /// <summary>A further condition.</summary>
    [JsonIgnore]
    public Func<HttpRequest, bool>? Predicate { get; init; }

    /// <summary>How many requests are struck.</summary>
    public int Times { get; init; } = 1;

    /// <summary>How many fitting requests pass unharmed first.</summary>
    public int Skip { get; init; }

    /// <summary>Strike before the authorization is looked at; otherwise only authorized requests count.</summary>
    public bool BeforeAuthorization { get; init; }

    /// <summary>What happens.</summary>
    public required FaultAction Action { get; init; }

    /// <summary>How many requests were struck so far.</summary>
    public int Hits => Volatile.Read(ref hits);

    /// <summary>Completes when a stall has begun or another action was carried out for the first time.</summary>
    [JsonIgnore]
    public Task Reached => reached.Task;

    [JsonIgnore]
    internal Task Released => released.Task;

    /// <summary>Lets everything go on that is stalled by this fault.</summary>
    public void Release() => released.TrySetResult();

    internal void MarkReached() => reached.TrySetResult();

    internal bool TryTake(HttpRequest request)
    {
        if ((Method is not null && !string.Equals(Method, request.Method, StringComparison.OrdinalIgnoreCase))
            || (PathContains is not null && !(request.Path.Value ?? "").Contains(PathContains, StringComparison.Ordinal))
            || (Predicate is not null && !Predicate(request)))
        {
            return false;
        }

        var number = Interlocked.Increment(ref seen);
        if (number <= Skip || number - Skip > Times)
        {
            return false;
        }

        Interlocked.Increment(ref hits);
        return true;
    }
}
