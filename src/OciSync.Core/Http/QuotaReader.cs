using System.Globalization;
using OciSync.Core.Connections;

namespace OciSync.Core.Http;

/// <summary>
/// The headers that tell a limit: Docker Hub's <c>ratelimit-limit: 100;w=21600</c> and <c>ratelimit-remaining</c>, and those of its gate,
/// <c>x-ratelimit-…</c>, whose reset is a Unix time.
/// </summary>
internal static class QuotaReader
{
    internal static RegistryQuota? Read(Func<string, string?> header, string user, DateTimeOffset now)
    {
        var (remaining, window) = Parse(header("ratelimit-remaining") ?? header("x-ratelimit-remaining"));
        if (remaining is null)
        {
            return null;
        }

        var (limit, period) = Parse(header("ratelimit-limit") ?? header("x-ratelimit-limit"));
        return new RegistryQuota
        {
            Limit = limit,
            Remaining = remaining.Value,
            Period = period ?? window,
            Reset = ReadReset(header, now),
            User = user,
        };
    }

    private static DateTimeOffset? ReadReset(Func<string, string?> header, DateTimeOffset now)
    {
        // Small numbers are seconds from now, large ones a point in time.
        var (reset, _) = Parse(header("ratelimit-reset") ?? header("x-ratelimit-reset") ?? header("x-retry-after"));
        return reset is null or < 0 or > 100_000_000_000 ? null
            : reset < 100_000_000 ? now.AddSeconds(reset.Value)
            : DateTimeOffset.FromUnixTimeSeconds(reset.Value);
    }

    private static (long? Number, TimeSpan? Window) Parse(string? value)
    {
        if (value is null)
        {
            return (null, null);
        }

        var parts = value.Split(';');
        if (!long.TryParse(parts[0].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return (null, null);
        }

        var window = parts.Skip(1).Select(p => p.Trim()).FirstOrDefault(p => p.StartsWith("w=", StringComparison.Ordinal));
        return window is not null && int.TryParse(window.Substring(2), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? (number, TimeSpan.FromSeconds(seconds))
            : (number, null);
    }
}
