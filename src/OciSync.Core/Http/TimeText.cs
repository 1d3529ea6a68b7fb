using System.Globalization;

namespace OciSync.Core.Http;

/// <summary>Points in time as messages name them: by the user's clock, and how long that is from now.</summary>
internal static class TimeText
{
    /// <summary>For instance <c>2026-11-28T16:20:00 (in 33 minutes)</c>.</summary>
    internal static string Describe(DateTimeOffset moment, DateTimeOffset now) =>
        $"{moment.LocalDateTime.ToString("s", CultureInfo.InvariantCulture)} (in {Span(moment - now)})";

    private static string Span(TimeSpan wait) => wait switch
    {
        { TotalSeconds: < 100 } => Count(wait.TotalSeconds, "second"),
        { TotalMinutes: < 100 } => Count(wait.TotalMinutes, "minute"),
        { TotalHours: < 48 } => Count(wait.TotalHours, "hour"),
        _ => Count(wait.TotalDays, "day"),
    };

    private static string Count(double number, string unit)
    {
        var whole = Math.Max(0, Math.Ceiling(number));
        return $"{whole.ToString(CultureInfo.InvariantCulture)} {unit}{(whole == 1 ? string.Empty : "s")}";
    }
}
