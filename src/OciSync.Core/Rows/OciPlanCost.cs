using System.Globalization;

namespace OciSync.Core.Rows;

/// <summary>What it costs one registry that images come from when the rows of a plan are carried out.</summary>
public sealed class OciPlanCost
{
    /// <summary>The registry.</summary>
    public string Registry { get; internal init; } = string.Empty;

    /// <summary>Its images that would be copied, each counted once for all destinations.</summary>
    public int Images { get; internal init; }

    /// <summary>Manifests that are read: what limits of pulls count.</summary>
    public int Pulls { get; internal init; }

    /// <summary>All requests: the first contact, a question for each image of the plan, manifests and blobs.</summary>
    public int Requests { get; internal init; }

    /// <summary>Bytes of blobs that are read.</summary>
    public long Bytes { get; internal init; }

    /// <summary>The pulls that the registry allows in <see cref="Period"/>, as it said or as was given; null when that isn't known.</summary>
    public long? Limit { get; internal init; }

    /// <summary>The time that <see cref="Limit"/> is for, or null.</summary>
    public TimeSpan? Period { get; internal init; }

    /// <summary>The pulls that are left of it now, or null.</summary>
    public long? Remaining { get; internal init; }

    /// <summary>How long it takes by the limit of pulls and by -MaximumRequestRate, whatever the line can do; null when neither is known.</summary>
    public TimeSpan? Duration { get; internal init; }

    /// <summary>How long so many pulls take by a limit: nothing while there are enough left.</summary>
    internal static TimeSpan Wait(long pulls, long limit, TimeSpan period, long? remaining) =>
        pulls <= (remaining ?? limit) ? TimeSpan.Zero : TimeSpan.FromTicks((long)(period.Ticks * (pulls / (double)limit)));

    /// <inheritdoc/>
    public override string ToString()
    {
        var quota = Limit is { } limit && Period is { } period ? $" at {Number(limit)} in {Hours(period)}" : string.Empty;
        return $"{Number(Pulls)} {(Pulls == 1 ? "pull" : "pulls")} of {Registry}{quota}" + (Duration is { } time ? $": {Hours(time)}" : string.Empty);
    }

    // The next whole unit: nobody should come too early.
    private static string Hours(TimeSpan time) => time.TotalHours >= 1 ? Number((long)Math.Ceiling(time.TotalHours)) + " h"
        : time > TimeSpan.Zero ? Number((long)Math.Ceiling(time.TotalMinutes)) + " min" : "at once";

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
