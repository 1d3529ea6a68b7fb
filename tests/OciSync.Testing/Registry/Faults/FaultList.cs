using Microsoft.AspNetCore.Http;

namespace OciSync.Testing.Registry.Faults;

/// <summary>The faults of a registry; of several that fit a request the first that still has hits left strikes.</summary>
public sealed class FaultList
{
    private readonly Lock gate = new();
    private readonly List<Fault> faults = [];

    /// <summary>Adds a fault and gives it back.</summary>
    public Fault Add(Fault fault)
    {
        lock (gate)
        {
            faults.Add(fault);
        }

        return fault;
    }

    /// <summary>Adds a fault for a method and a part of the path.</summary>
    public Fault Add(string? method, string? pathContains, FaultAction action, int times = 1, int skip = 0) =>
        Add(new Fault { Method = method, PathContains = pathContains, Action = action, Times = times, Skip = skip });

    /// <summary>Removes all faults and releases what they stall.</summary>
    public void Clear()
    {
        List<Fault> removed;
        lock (gate)
        {
            removed = [.. faults];
            faults.Clear();
        }

        removed.ForEach(fault => fault.Release());
    }

    internal Fault? Take(HttpRequest request, bool beforeAuthorization)
    {
        lock (gate)
        {
            return faults.FirstOrDefault(fault => fault.BeforeAuthorization == beforeAuthorization && fault.TryTake(request));
        }
    }
}
