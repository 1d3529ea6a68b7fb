using Microsoft.AspNetCore.Http;
using OciSync.Testing.Registry.Faults;

namespace OciSync.Module.Tests.LongRuns;

/// <summary>Strikes some of a hundred requests, each with a fault of any kind that can strike it; the seed decides which.</summary>
internal sealed class RandomFaults(int seed, double percent)
{
    private readonly Random _random = new(seed);
    private readonly Dictionary<string, int> _struck = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private long _requests;

    /// <summary>False lets everything pass.</summary>
    internal bool IsOn { get; set; } = true;

    /// <summary>All requests so far.</summary>
    internal long Requests => Interlocked.Read(ref _requests);

    /// <summary>How often each kind of fault struck.</summary>
    internal IReadOnlyDictionary<string, int> Struck
    {
        get
        {
            lock (_gate)
            {
                return new Dictionary<string, int>(_struck);
            }
        }
    }

    internal Fault? Choose(HttpRequest request)
    {
        Interlocked.Increment(ref _requests);
        lock (_gate)
        {
            if (!IsOn || _random.NextDouble() * 100 >= percent)
            {
                return null;
            }

            var action = Pick(request.Method, request.Path.Value!);
            var name = action.Kind is FaultKind.Respond ? $"{action.Status}" : $"{action.Kind}";
            _struck[name] = _struck.GetValueOrDefault(name) + 1;
            return new Fault { Action = action };
        }
    }

    private FaultAction Pick(string method, string path)
    {
        var all = new List<FaultAction>
        {
            FaultAction.Respond(500), FaultAction.Respond(502), FaultAction.Respond(503), FaultAction.Respond(504), FaultAction.Respond(408),
            FaultAction.Respond(429, "TOOMANYREQUESTS"), FaultAction.RetryAfter(429, "1"), FaultAction.RetryAfter(429, "soon"),
            FaultAction.Respond(401), FaultAction.Respond(403), FaultAction.Respond(404), FaultAction.Respond(413), FaultAction.Respond(416),
            FaultAction.CutResponse(0), new() { Kind = FaultKind.CutHeaders }, new() { Kind = FaultKind.LoseAnswer }, FaultAction.StallBeforeHeaders(),
            FaultAction.Redirect("{path}"), FaultAction.Redirect("ftp://elsewhere.invalid/x"),
            new() { Kind = FaultKind.Respond, Status = 200, Body = "<html><body>Please log in.</body></html>", ContentType = "text/html" },
        };
        if (method == "GET")
        {
            all.AddRange([FaultAction.CutResponse(20), FaultAction.TruncateResponse(20), FaultAction.StallResponse(20)]);
            if (!path.EndsWith("/tags/list", StringComparison.Ordinal))
            {
                all.AddRange([FaultAction.CorruptResponse(15), new() { Kind = FaultKind.Encode }]);
            }
        }

        if (method is "PUT" or "PATCH")
        {
            all.AddRange([FaultAction.CutRequest(20), FaultAction.StallRequest(20)]);
        }

        return all[_random.Next(all.Count)];
    }
}
