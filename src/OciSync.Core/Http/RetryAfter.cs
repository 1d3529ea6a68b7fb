using System.Globalization;

namespace OciSync.Core.Http;

/// <summary>The <c>Retry-After</c> header (RFC 9110, 10.2.3): seconds, or a date.</summary>
internal static class RetryAfter
{
    // No wait is so long; a date may be at the end of time, and no moment lies behind that.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(365);

    /// <summary>How long to wait from when the answer came; null when it isn't said. A date is counted by the server's own clock where it tells that.</summary>
    internal static TimeSpan? Read(HttpAnswer answer)
    {
        var value = answer.Header("Retry-After");
        if (int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
        {
            return Limit(TimeSpan.FromSeconds(seconds));
        }

        if (ReadDate(value) is not { } date)
        {
            return null;
        }

        var wait = date - (ReadDate(answer.Header("Date")) ?? answer.Received);
        return Limit(wait);
    }

    private static TimeSpan Limit(TimeSpan wait) => wait < TimeSpan.Zero ? TimeSpan.Zero : wait > Longest ? Longest : wait;

    private static DateTimeOffset? ReadDate(string? value) =>
        DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date) ? date : null;
}
