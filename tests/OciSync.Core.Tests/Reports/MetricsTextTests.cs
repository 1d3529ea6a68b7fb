using OciSync.Core.Reports;
using OciSync.Core.Rows;
using OciSync.Testing;
using OciSync.Testing.Servers;

namespace OciSync.Core.Tests.Reports;

public sealed class MetricsTextTests
{
    private static readonly DateTimeOffset Begin = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);

    private static OciSyncResult Row(string destination, string status, long bytes = 0) =>
        new() { Source = "a.test/a:1", Destination = destination, Status = status, BytesCopied = bytes, BytesMounted = 1, BytesSkipped = 2, RetryCount = 3 };

    private static string Render(string? before, params OciSyncResult[] rows) =>
        MetricsText.Render(rows, Begin, Begin.AddSeconds(90.5), isReading: false, before);

    [Fact]
    public void A_run_is_gauges_by_registry_and_status()
    {
        var lines = Render(null, Row("b.test:5000/a:1", "Copied", 10), Row("b.test:5000/a:2", "Copied", 5), Row("c.test/a:1", "UpToDate")).Split('\n');
        Assert.Contains("ocisync_run_start_timestamp_seconds 1800000000", lines);
        Assert.Contains("ocisync_run_duration_seconds 90.5", lines);
        Assert.Contains("ocisync_run_last_success_timestamp_seconds 1800000090.5", lines);
        Assert.Contains("ocisync_run_rows{registry=\"b.test:5000\",status=\"Copied\"} 2", lines);
        Assert.Contains("ocisync_run_rows{registry=\"b.test:5000\",status=\"Failed\"} 0", lines);
        Assert.Contains("ocisync_run_rows{registry=\"c.test\",status=\"UpToDate\"} 1", lines);
        Assert.Contains("ocisync_run_copied_bytes{registry=\"b.test:5000\"} 15", lines);
        Assert.Contains("ocisync_run_retries{registry=\"c.test\"} 3", lines);
    }

    [Fact]
    public void The_last_success_stays_when_a_run_fails()
    {
        var good = Render(null, Row("b.test/a:1", "Copied"));
        var bad = Render(good, Row("b.test/a:1", "Failed"));
        Assert.Contains("ocisync_run_last_success_timestamp_seconds 1800000090.5\n", bad, StringComparison.Ordinal);
        Assert.DoesNotContain("last_success", Render(null, Row("b.test/a:1", "Failed")), StringComparison.Ordinal);
        Assert.DoesNotContain("last_success",
            Render("ocisync_run_last_success_timestamp_seconds x{y}\n", Row("b.test/a:1", "Cancelled")), StringComparison.Ordinal);
        var plan = MetricsText.Render([Row("b.test/a:1", "WouldCopy")], Begin, Begin.AddDays(1), isReading: true, good);
        Assert.Contains("ocisync_run_last_success_timestamp_seconds 1800000090.5\n", plan, StringComparison.Ordinal);
    }

    [Fact]
    public void A_path_is_no_label()
    {
        var text = Render(null, Row("oci:/srv/secret/images:a:1", "Copied"), Row("not a \"name\"\n", "Failed"));
        Assert.DoesNotContain("secret", text, StringComparison.Ordinal);
        Assert.Contains("{registry=\"oci\",status=\"Copied\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("{registry=\"unknown\",status=\"Failed\"} 1\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_textfile_collector_of_node_exporter_takes_it()
    {
        Assert.SkipWhen(NodeExporterProcess.WhyMissing is not null, NodeExporterProcess.WhyMissing ?? string.Empty);
        using var folder = new TempFolder();
        var text = Render(null, Row("b.test:5000/a:1", "Copied", 10), Row("c.test/a:1", "Failed"),
            Row("not a \"name\"\n", "Failed"), Row("oci:x:y", "Skipped"));
        await File.WriteAllTextAsync(folder["run.prom"], text, TestContext.Current.CancellationToken);
        await using var exporter = await NodeExporterProcess.StartAsync(folder.Path);
        using var client = new HttpClient();
        var metrics = await client.GetStringAsync(new Uri(exporter.Address, "metrics"), TestContext.Current.CancellationToken);
        Assert.Contains("node_textfile_scrape_error 0\n", metrics, StringComparison.Ordinal);
        foreach (var line in text.Split('\n').Where(
            l => l.StartsWith("ocisync_run_rows{", StringComparison.Ordinal) || l.StartsWith("# TYPE", StringComparison.Ordinal)))
        {
            Assert.Contains(line + "\n", metrics, StringComparison.Ordinal);
        }
    }
}
