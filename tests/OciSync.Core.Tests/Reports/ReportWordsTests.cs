using System.Text.RegularExpressions;
using OciSync.Core.Reports;
using OciSync.Core.Rows;

namespace OciSync.Core.Tests.Reports;

/// <summary>What a page says to somebody who has seen nothing of the run.</summary>
public sealed class ReportWordsTests
{
    private static readonly DateTimeOffset Night = new(2026, 11, 28, 2, 0, 0, TimeSpan.Zero);

    private static OciSyncResult Row(string tag, string status, string place = "r", string? error = null, string? id = null,
        double seconds = 1, long copied = 0) => new()
    {
        Source = $"src.test/app:{tag}", Destination = $"{place}.test/m/app:{tag}", Status = status, Error = error, Reason = error,
        ErrorId = error is null ? null : id ?? "OciManifestUnknown", StartTime = Night, Duration = TimeSpan.FromSeconds(seconds), BytesCopied = copied,
    };

    private static OciSyncResult Missing(string tag, string place) =>
        Row(tag, "Failed", place, $"'src.test/app:{tag}' does not exist. Get-OciTag src.test/app lists the tags there are.");

    private static string Page(params OciSyncResult[] rows) => ReportPage.Render(new ReportRun(rows, Night) { HasEnded = true });

    private static string Against(OciSyncResult[] before, params OciSyncResult[] rows) =>
        ReportPage.Render(new ReportRun(rows, Night) { HasEnded = true, Previous = before });

    [Fact]
    public void An_image_that_failed_everywhere_is_one_line_and_says_it_once()
    {
        var page = Page(Missing("nope1", "a"), Missing("nope1", "b"), Missing("nope1", "c"), Row("1", "UpToDate"));
        Assert.Contains("Not at the source (OciManifestUnknown): 1 image, 3 rows", page, StringComparison.Ordinal);
        Assert.Contains("<li><b>src.test/app:nope1</b> → 3 destinations<p>", page, StringComparison.Ordinal);
        Assert.Single(Regex.Matches(page, "<p>&#39;src.test/app:nope1&#39; does not exist"));
        Assert.Contains("Correct the tag, or remove it from what is asked for", page, StringComparison.Ordinal);
        Assert.Contains("Trying again alone won&#39;t help", page, StringComparison.Ordinal);
        Assert.DoesNotContain("garbage collection", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_manifest_that_a_destination_lost_has_a_remedy_of_its_own()
    {
        var page = Page(Missing("nope1", "a"), Row("2", "Failed", "b", "'b.test/m/app:2' was written, the registry said that it has it, and it is not there."));
        Assert.Contains("Lost by the destination (OciManifestUnknown): 1 image, 1 row", page, StringComparison.Ordinal);
        Assert.Contains("Restart the registry of the destination; then run again.", page, StringComparison.Ordinal);
        Assert.Contains("1 tag does not exist at the source (1 row), 1 image failed (1 row: OciManifestUnknown); everything else is in place.", page,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Destinations_are_named_where_they_are_not_all()
    {
        var page = Page(Missing("1", "a"), Missing("1", "b"), Missing("1", "c"), Missing("2", "a"), Missing("2", "b"));
        Assert.Contains("<b>src.test/app:2</b> → 2 destinations: a.test, b.test", page, StringComparison.Ordinal);
    }

    [Fact]
    public void What_all_say_is_said_once_above_them()
    {
        var page = Page(Row("1", "Failed", error: "a.test is away.", id: "OciTimeout"), Row("2", "Failed", error: "a.test is away.", id: "OciTimeout"));
        Assert.Single(Regex.Matches(page, "<p[^>]*>[^<]*a\\.test is away"));
        Assert.Contains("Each says: a.test is away.", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Nothing has to be done: everything is in place.", "Copied", "UpToDate")]
    [InlineData("Nothing has to be done: everything is in place, or was left out on purpose.", "Copied", "Skipped")]
    [InlineData("1 image was not begun or broken off (1 row); everything else is in place.", "Copied", "Cancelled")]
    [InlineData("Nothing has to be done: this is a plan, nothing was written.", "WouldCopy")]
    public void The_first_sentence_says_whether_anything_has_to_be_done(string sentence, params string[] statuses) =>
        Assert.Contains($"<strong>{sentence}", Page([.. statuses.Select((s, i) => Row($"{i}", s))]), StringComparison.Ordinal);

    [Fact]
    public void Runs_that_share_no_name_are_called_so()
    {
        const string Warning = "The two runs have no name in common.";
        var before = Enumerable.Range(100, 30).Select(i => Row($"{i}", "Copied")).ToArray();
        Assert.Equal(2, Regex.Count(Against(before, Row("1", "Copied")), Regex.Escape(Warning)));
        Assert.DoesNotContain("in common", Against(before, Row("100", "UpToDate"), Row("1", "Copied")), StringComparison.Ordinal);
        Assert.Contains("The earlier run has no row", Against([], Row("1", "Copied")), StringComparison.Ordinal);
    }

    [Fact]
    public void New_and_up_to_date_is_no_contradiction()
    {
        var page = Against([Row("1", "Copied")], Row("1", "UpToDate"), Row("2", "UpToDate"), Row("3", "Copied"));
        Assert.Contains("names that are not in the earlier run; 1 of them (UpToDate) was at the destination already", page, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_gone_is_in_the_data_after_the_rows_of_the_run()
    {
        var page = Against([Row("1", "Copied"), Row("2", "Copied")], Row("1", "UpToDate"));
        Assert.Contains("\"own\":1", page, StringComparison.Ordinal);
        Assert.Contains("r.test/m/app:2", page[page.IndexOf("id=\"data\"", StringComparison.Ordinal)..], StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_counted_is_not_called_zero()
    {
        var page = Page(Row("1", "UpToDate"));
        Assert.Contains("<dt>Saved</dt><dd><b>not counted</b>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<dt>Mounted</dt>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<dt>Saved</dt>", Page(Row("1", "Copied", copied: 5)), StringComparison.Ordinal);
        Assert.DoesNotContain("[\"Platforms\",", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "0 ms")]
    [InlineData(999, "< 1 ms")]
    [InlineData(1_499, "1 ms")]
    [InlineData(999_499, "999 ms")]
    [InlineData(999_500, "1.0 s")]
    [InlineData(59_949_999, "59.9 s")]
    [InlineData(59_950_000, "1 min 0 s")]
    [InlineData(3_599_500_000, "1 h 0 min")]
    [InlineData(5_400_000_000, "1 h 30 min")]
    public void Times_are_rounded_in_one_way(long micro, string text) => Assert.Equal(text, Quantities.Span(TimeSpan.FromTicks(micro * 10)));

    [Fact]
    public void The_slowest_are_those_that_did_something()
    {
        var page = Page(Row("1", "UpToDate", seconds: 90), Row("2", "Copied", seconds: 2, copied: 4096), Row("3", "Copied", seconds: 6, copied: 4096));
        var slowest = page[page.IndexOf("id=\"slowest\"", StringComparison.Ordinal)..page.IndexOf("id=\"rows\"", StringComparison.Ordinal)];
        Assert.Equal(["3", "2"], Regex.Matches(slowest, "rowheader\">src.test/app:(\\d)").Select(m => m.Groups[1].Value));
        Assert.Contains("data-label=\"Median\">6.0 s<", page, StringComparison.Ordinal);
        Assert.Contains("data-label=\"Slowest\">1 min 30 s<", page, StringComparison.Ordinal);
        Assert.Contains("Nothing was copied; of all rows", Page(Row("1", "UpToDate")), StringComparison.Ordinal);
    }
}
