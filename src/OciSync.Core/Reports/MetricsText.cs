using System.Globalization;
using System.Text;
using OciSync.Core.Errors;
using OciSync.Core.References;
using OciSync.Core.Rows;

namespace OciSync.Core.Reports;

/// <summary>
/// The last run as gauges in Prometheus' text format 0.0.4, for the textfile collectors of node_exporter and windows_exporter: no time stamps
/// on samples, and no label but registry (of the destination) and status.
/// </summary>
public static class MetricsText
{
    private const string LastSuccess = "ocisync_run_last_success_timestamp_seconds";

    private static readonly string[] Statuses =
    [
        SyncStatus.Copied, SyncStatus.Updated, SyncStatus.UpToDate, SyncStatus.Skipped, SyncStatus.Pruned, SyncStatus.Failed, SyncStatus.Cancelled,
    ];

    /// <summary>The collectors read files that end in .prom, and no others.</summary>
    /// <exception cref="OciException">This one doesn't.</exception>
    public static void Require(string path)
    {
        if (!path.EndsWith(".prom", StringComparison.Ordinal))
        {
            throw new OciException(OciErrorKind.ReportInvalid, $"'{path}' (-MetricsPath): the textfile collectors read only files whose names end in .prom.");
        }
    }

    /// <summary>The metrics of a run.</summary>
    /// <param name="rows">Its rows.</param>
    /// <param name="begin">When it began.</param>
    /// <param name="end">When it ended.</param>
    /// <param name="isReading">It was a plan or a comparison, which is no success.</param>
    /// <param name="before">What the file had until now, or null: the time of the last success stays when this run is none.</param>
    public static string Render(IReadOnlyList<OciSyncResult> rows, DateTimeOffset begin, DateTimeOffset end, bool isReading, string? before)
    {
        var text = new StringBuilder();
        var isSuccess = !isReading && !rows.Any(r => r.Status is SyncStatus.Failed or SyncStatus.Cancelled);
        One(text, "ocisync_run_start_timestamp_seconds", "When the last run began, in Unix time.", Seconds(begin));
        One(text, "ocisync_run_end_timestamp_seconds", "When the last run ended, in Unix time.", Seconds(end));
        One(text, "ocisync_run_duration_seconds", "How long the last run took.", Number((end - begin).TotalSeconds));
        if ((isSuccess ? Seconds(end) : FindLastSuccess(before)) is { } success)
        {
            One(text, LastSuccess, "When a run last ended without a failure, in Unix time.", success);
        }

        var registries = rows.GroupBy(r => RegistryOf(r.Destination)).OrderBy(g => g.Key, StringComparer.Ordinal).ToList();
        Head(text, "ocisync_run_rows", "Rows of the last run, one for each image and destination, by status.");
        foreach (var registry in registries)
        {
            foreach (var status in Statuses.Concat(registry.Select(r => r.Status)).Distinct(StringComparer.Ordinal))
            {
                Sample(text, "ocisync_run_rows", registry.Key, registry.Count(r => r.Status == status), status);
            }
        }

        Each("ocisync_run_copied_bytes", "Bytes of blobs that the last run uploaded.", r => r.BytesCopied);
        Each("ocisync_run_mounted_bytes", "Bytes of blobs that the registry took from another of its repositories in the last run.", r => r.BytesMounted);
        Each("ocisync_run_present_bytes", "Bytes of blobs that were at the destination before the last run.", r => r.BytesSkipped);
        Each("ocisync_run_retries", "Attempts after a first failure in the last run.", r => r.RetryCount);
        return text.ToString();

        void Each(string name, string help, Func<OciSyncResult, long> part)
        {
            Head(text, name, help);
            registries.ForEach(r => Sample(text, name, r.Key, r.Sum(part), null));
        }
    }

    // A folder is called by its kind alone: paths are no labels.
    private static string RegistryOf(string destination)
    {
        try
        {
            var place = ImageLocation.Parse(destination);
            return place.Registry ?? place.PlaceName.Split(':')[0];
        }
        catch (Exception e) when (e is OciException or ReferenceException)
        {
            return "unknown";
        }
    }

    // Only a number is taken over from what somebody may have written.
    private static string? FindLastSuccess(string? before)
    {
        var line = before?.Split('\n').FirstOrDefault(l => l.StartsWith(LastSuccess + " ", StringComparison.Ordinal));
        return line is not null && double.TryParse(line.Substring(LastSuccess.Length), NumberStyles.Float, CultureInfo.InvariantCulture, out var time)
            && time >= 0 && time < 1e12 ? Number(time) : null;
    }

    private static void Head(StringBuilder text, string name, string help) =>
        text.Append("# HELP ").Append(name).Append(' ').Append(help).Append("\n# TYPE ").Append(name).Append(" gauge\n");

    private static void One(StringBuilder text, string name, string help, string value)
    {
        Head(text, name, help);
        text.Append(name).Append(' ').Append(value).Append('\n');
    }

    private static void Sample(StringBuilder text, string name, string registry, long value, string? status)
    {
        text.Append(name).Append("{registry=\"").Append(Escape(registry)).Append('"');
        if (status is not null)
        {
            text.Append(",status=\"").Append(Escape(status)).Append('"');
        }

        text.Append("} ").Append(value.ToString(CultureInfo.InvariantCulture)).Append('\n');
    }

    private static string Escape(string value) => value.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\n", "\\n");

    private static string Seconds(DateTimeOffset time) => Number(time.ToUnixTimeMilliseconds() / 1000.0);

    private static string Number(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);
}
