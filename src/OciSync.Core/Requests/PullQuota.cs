using System.Globalization;
using OciSync.Core.Sights;

namespace OciSync.Core.Requests;

/// <summary>How many pulls a registry allows in a time: <c>docker.io=200/6h</c>.</summary>
/// <param name="Registry">The registry.</param>
/// <param name="Limit">Pulls, from 1.</param>
/// <param name="Period">In this time.</param>
public sealed record PullQuota(string Registry, long Limit, TimeSpan Period)
{
    /// <summary>Reads <c>registry=pulls/time</c>; false when it is something else.</summary>
    public static bool TryParse(string text, out PullQuota? quota)
    {
        quota = null;
        var equals = text.LastIndexOf('=');
        var slash = text.IndexOf('/', equals + 1);
        if (equals > 0 && slash > 0
            && long.TryParse(text.Substring(equals + 1, slash - equals - 1).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit > 0
            && AgeText.TryParse(text.Substring(slash + 1), out var period) && period > TimeSpan.Zero)
        {
            quota = new PullQuota(text.Substring(0, equals).Trim(), limit, period);
        }

        return quota is not null;
    }
}
