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

    /// <summary>A time as the page's script writes it too (<c>span</c> in report.js): whole numbers alone, so that both round alike.</summary>
    internal static string Span(TimeSpan span)
    {
        var micro = span.Ticks / 10;
        var (milli, tenths, seconds) = ((micro + 500) / 1000, (micro + 50_000) / 100_000, (micro + 500_000) / 1_000_000);
        return micro <= 0 ? "0 ms"
            : micro < 1000 ? "< 1 ms"
            : milli < 1000 ? FormattableString.Invariant($"{milli} ms")
            : tenths < 600 ? FormattableString.Invariant($"{tenths / 10}.{tenths % 10} s")
            : seconds < 3600 ? FormattableString.Invariant($"{seconds / 60} min {seconds % 60} s")
            : FormattableString.Invariant($"{(seconds + 30) / 3600} h {(seconds + 30) / 60 % 60} min");
    }

    internal static string Day(DateTimeOffset time) => time.UtcDateTime.ToString("dddd, d MMMM yyyy", CultureInfo.InvariantCulture);

    internal static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    internal static string DayAndTime(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) + " UTC";

    /// <summary>The first ones of a list, and how many more there are.</summary>
    internal static string Few(IReadOnlyCollection<string> names, int most = 4) =>
        string.Join(", ", names.Take(most)) + (names.Count > most ? $" and {Number(names.Count - most)} more" : string.Empty);
}
