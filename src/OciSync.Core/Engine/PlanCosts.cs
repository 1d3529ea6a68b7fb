using OciSync.Core.Copying;
using OciSync.Core.Flow;
using OciSync.Core.Places;
using OciSync.Core.References;
using OciSync.Core.Requests;
using OciSync.Core.Rows;

namespace OciSync.Core.Engine;

/// <summary>What a plan counted, as the cost of one registry.</summary>
internal static class PlanCosts
{
    internal static OciPlanCost Of(string host, string registry, CostSheet sheet, IReadOnlyList<PullQuota> quotas, RegistryPool pool)
    {
        var (pulls, questions) = pool.Counts.Of(host);
        var (reads, bytes) = sheet.ReadsOf(host);

        // The first contact, and what the plan has asked for manifests: a run asks the same.
        var requests = 1 + pulls + questions + reads;
        var given = quotas.LastOrDefault(q => RegistryHost.Normalize(q.Registry) == RegistryHost.Normalize(registry));
        var told = pool.Sessions.FindQuota(host);
        var (limit, period) = given is null ? (told?.Limit, told?.Period) : (given.Limit, (TimeSpan?)given.Period);
        return new OciPlanCost
        {
            Registry = registry,
            Images = sheet.ImagesOf(host),
            Pulls = pulls,
            Requests = requests,
            Bytes = bytes,
            Limit = limit,
            Period = period,
            Remaining = told?.Remaining,
            Duration = Longest(
                limit is { } number && period is { } time ? OciPlanCost.Wait(pulls, number, time, told?.Remaining) : null,
                RateOf(pool.Options, host, requests)),
        };
    }

    private static TimeSpan? RateOf(EngineOptions options, string host, int requests) =>
        (options.RequestRates.TryGetValue(host, out var rate) ? rate : options.RequestRate) is { } limit
            ? TimeSpan.FromSeconds(requests / limit.PerSecond) : null;

    private static TimeSpan? Longest(TimeSpan? one, TimeSpan? other) => one is null || (other is { } time && time > one) ? other : one;
}
