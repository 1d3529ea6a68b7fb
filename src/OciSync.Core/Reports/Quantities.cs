using System.Globalization;

namespace OciSync.Core.Reports;

/// <summary>Numbers as people read them.</summary>
internal static class Quantities
{
    private static readonly string[] Units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

    internal static string Number(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A count with its noun: 1 image, 5,000 images.</summary>
    internal static string Count(long count, string noun) => Number(count) + " " + noun + (count == 1 ? string.Empty : "s");

    internal static string Bytes(double bytes)
    {
        var unit = 0;
        while (bytes >= 1024 && unit < Units.Length - 1)
        {
            bytes /= 1024;
            unit++;
        }

        return bytes.ToString(unit == 0 ? "0" : "0.0", CultureInfo.InvariantCulture) + " " + Units[unit];
    }

    internal static string Span(TimeSpan span) =>
        span < TimeSpan.FromSeconds(0.1) ? span.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture) + " ms"
        : span < TimeSpan.FromMinutes(1) ? span.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture) + " s"
        : span < TimeSpan.FromHours(1) ? FormattableString.Invariant($"{(int)span.TotalMinutes} min {span.Seconds} s")
        : FormattableString.Invariant($"{(int)span.TotalHours} h {span.Minutes} min");

    internal static string Day(DateTimeOffset time) => time.UtcDateTime.ToString("dddd, d MMMM yyyy", CultureInfo.InvariantCulture);

    internal static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    internal static string DayAndTime(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) + " UTC";

    /// <summary>The first ones of a list, and how many more there are.</summary>
    internal static string Few(IReadOnlyCollection<string> names, int most = 4) =>
        string.Join(", ", names.Take(most)) + (names.Count > most ? $" and {Number(names.Count - most)} more" : string.Empty);
}
