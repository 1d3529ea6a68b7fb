using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using OciSync.Core.Reports;
using OciSync.Core.Rows;

namespace OciSync.Core.Tests.Reports;

public sealed partial class ReportPageTests
{
    private static readonly DateTimeOffset Night = new(2026, 11, 28, 2, 0, 0, TimeSpan.Zero);

    private static OciSyncResult Row(string tag, string status, string? digest = null, string? errorId = null,
        double seconds = 1, string? runId = null) => new()
    {
        Source = "docker.io/library/alpine:" + tag, Destination = "r.test/mirror/alpine:" + tag, Status = status, Digest = digest, ErrorId = errorId,
        Error = errorId is null ? null : $"r.test said no to {tag}.", StartTime = Night, Duration = TimeSpan.FromSeconds(seconds),
        RunId = runId ?? "run-1", BytesCopied = 1 << 20,
    };

    private static string Page(params OciSyncResult[] rows) => ReportPage.Render(new ReportRun(rows, Night.AddHours(1)) { HasEnded = true });

    [Fact]
    public void The_policy_names_the_one_style_and_the_one_script_by_their_digests()
    {
        var page = Page(Row("1", "Copied"));
        var policy = Policy().Match(page).Groups[1].Value;
        Assert.Contains($"script-src '{HashOf(page, "<script>", "</script>")}';", policy, StringComparison.Ordinal);
        Assert.Contains($"style-src '{HashOf(page, "<style>", "</style>")}';", policy, StringComparison.Ordinal);
        Assert.StartsWith("default-src 'none';", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.DoesNotMatch("\\son[a-z]+=\"|\\sstyle=\"|https?://", page);
    }

    [Fact]
    public void The_same_rows_make_the_same_page() => Assert.Equal(Page(Row("1", "Copied")), Page(Row("1", "Copied")));

    [Theory]
    [InlineData("All 1 row without a failure", "Copied")]
    [InlineData("1 of 2 rows failed", "Copied", "Failed")]
    [InlineData("1 of 2 rows were not begun", "Copied", "Cancelled")]
    [InlineData("A plan: 1 of 2 rows would change", "UpToDate", "WouldCopy")]
    [InlineData("There was nothing to do")]
    public void The_heading_says_how_it_went(string heading, params string[] statuses) =>
        Assert.Matches($"<h1 class=\"\\w+\">{Regex.Escape(heading)}</h1>", Page([.. statuses.Select((s, i) => Row($"{i}", s))]));

    [Fact]
    public void The_sentence_says_when_what_from_where_to_where()
    {
        var page = Page(Row("1", "Copied", seconds: 75), Row("2", "Failed", errorId: "OciForbidden"));
        Assert.Contains(
            "Saturday, 28 November 2026, 02:00:00 to 02:01:15 UTC (1 min 15 s). This run took 2 images "
            + "from docker.io to r.test: 2 rows, one for each image and destination. "
            + "1 failed, 1 was copied.", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_page_of_a_run_that_goes_on_says_so()
    {
        var page = ReportPage.Render(new ReportRun([], Night) { HasEnded = false, RowsName = "run.jsonl" });
        Assert.Contains("<h1 class=\"open\">The run has not ended</h1>", page, StringComparison.Ordinal);
        Assert.Contains("Export-OciReport now.html -RowPath &#39;run.jsonl&#39;", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_failure_has_its_reason_its_remedy_and_a_command()
    {
        var page = Page(Row("1", "Copied"), Row("2", "Failed", errorId: "OciForbidden"), Row("3", "Failed", errorId: "OciForbidden"));
        Assert.Contains("OciForbidden: 2 images, 2 rows", page, StringComparison.Ordinal);
        Assert.Contains("r.test said no to 2.", page, StringComparison.Ordinal);
        Assert.Contains("Check the account&#39;s permissions, and that the project or repository exists.", page, StringComparison.Ordinal);
        Assert.Contains(
            "[pscustomobject]@{ Source = &#39;docker.io/library/alpine:2&#39;; "
            + "Destination = &#39;r.test/mirror/alpine:2&#39;; Status = &#39;Failed&#39; }", page,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 0, 0)]
    [InlineData(5, 0, 0)]
    [InlineData(6, 1, 0)]
    [InlineData(105, 100, 0)]
    [InlineData(107, 100, 2)]
    public void Of_many_failures_the_first_are_listed(int count, int more, int beyond)
    {
        var page = Page([.. Enumerable.Range(0, count).Select(i => Row($"{i}", "Failed", errorId: "OciForbidden"))]);
        Assert.Equal(more > 0, page.Contains($"<summary>{more} more</summary>", StringComparison.Ordinal));
        Assert.Equal(beyond > 0, page.Contains($"And {beyond} more:", StringComparison.Ordinal));
        Assert.DoesNotContain("And -", page, StringComparison.Ordinal);
        Assert.Equal(count, Regex.Count(page, "Status = &#39;Failed&#39;"));
    }

    [Fact]
    public void Failures_stand_in_the_order_of_their_versions()
    {
        var page = Page([.. new[] { "3.10", "3.9", "3.100" }.Select(t => Row(t, "Failed", errorId: "OciForbidden"))]);
        var found = Regex.Matches(page, "<li><b>docker.io/library/alpine:([0-9.]+)</b>").Select(m => m.Groups[1].Value);
        Assert.Equal(["3.9", "3.10", "3.100"], found);
    }

    [Fact]
    public void What_would_fail_again_has_no_command()
    {
        var page = Page(Row("2", "Failed", errorId: "OciNameCollision"));
        Assert.DoesNotContain("pscustomobject", page, StringComparison.Ordinal);
        Assert.Contains("first change what was asked for", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_error_id_of_the_page_of_errors_has_a_remedy()
    {
        var (cause, remedy) = Remedies.Find("OciTooLarge")!.Value;
        Assert.Equal("The registry, or a proxy before it, refuses a body of this size (413), in chunks as well.", cause);
        Assert.Equal("Raise the proxy's limit (nginx: client_max_body_size).", remedy);
        foreach (var kind in Enum.GetNames<OciSync.Core.Errors.OciErrorKind>())
        {
            var known = Remedies.Find("Oci" + kind);
            Assert.True(known is { Cause.Length: > 10, Remedy.Length: > 10 }, kind);
        }
    }

    [Fact]
    public void An_earlier_run_tells_what_is_new_moved_gone_and_mended()
    {
        OciSyncResult[] before =
            [Row("1", "Copied", "sha256:a"), Row("2", "Copied", "sha256:b"), Row("3", "Failed", errorId: "OciTimeout"), Row("4", "Copied", "sha256:d")];
        OciSyncResult[] now =
            [Row("1", "UpToDate", "sha256:a"), Row("2", "Updated", "sha256:x"), Row("3", "Copied", "sha256:c"),
            Row("5", "Copied", "sha256:e"), Row("6", "Failed", errorId: "OciTimeout")];
        var comparison = new RunComparison(new RunSummary(now), new RunSummary(before));
        Assert.Equal(["r.test/mirror/alpine:5"], comparison.New.Select(r => r.Destination));
        Assert.Equal(["r.test/mirror/alpine:6"], comparison.Wanted.Select(r => r.Destination));
        Assert.Equal([("r.test/mirror/alpine:2", "sha256:b")], comparison.Moved.Select(m => (m.Row.Destination, m.Digest)));
        Assert.Equal(["r.test/mirror/alpine:4"], comparison.Gone.Select(r => r.Destination));
        Assert.Equal(["r.test/mirror/alpine:3"], comparison.Mended.Select(r => r.Destination));

        var page = ReportPage.Render(new ReportRun(now, Night) { Previous = before, HasEnded = true });
        foreach (var title in new[] { "New: 1", "Wanted, not there: 1", "Moved: 1", "Gone: 1", "Mended: 1", "It was not in the earlier run.",
            "1 name new (not in the earlier run), 1 wanted and not there, 1 moved, 1 gone; 1 row failed that had not failed then, 1 that had is mended." })
        {
            Assert.Contains(title, page, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Of_a_run_and_its_continuation_the_last_row_counts()
    {
        var page = Page(Row("1", "Failed", errorId: "OciTimeout"), Row("1", "Copied", runId: "run-2"));
        Assert.Contains("All 1 row without a failure", page, StringComparison.Ordinal);
        Assert.Contains("These are rows of 2 runs", ReportPage.Render(
            new ReportRun([Row("1", "Copied"), Row("2", "Copied", runId: "run-2")], Night)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("plain", "'plain'")]
    [InlineData("it's", "'it''s'")]
    [InlineData("a\u2018b\u2019c\u201Ad\u201Be", "'a\u2018\u2018b\u2019\u2019c\u201A\u201Ad\u201B\u201Be'")]
    [InlineData("$(x) `n", "'$(x) `n'")]
    public void A_name_in_a_command_stays_text(string text, string quoted) => Assert.Equal(quoted, RetryCommand.Quote(text));

    [Fact]
    public void A_name_with_a_line_break_is_in_no_command()
    {
        var row = new OciSyncResult { Source = "a.test/a:1\nRemove-Item *", Destination = "b.test/a:1", Status = "Failed" };
        Assert.Null(RetryCommand.Of([row]));
    }

    private static string HashOf(string page, string open, string close)
    {
        var begin = page.LastIndexOf(open, StringComparison.Ordinal) + open.Length;
        var text = page[begin..page.IndexOf(close, begin, StringComparison.Ordinal)];
        return "sha256-" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    [GeneratedRegex("Content-Security-Policy\" content=\"([^\"]+)\"")]
    private static partial Regex Policy();
}
