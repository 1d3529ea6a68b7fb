using OciSync.Core.Reports;

namespace OciSync.Browser.Tests;

/// <summary>The table of rows: what has changed since an earlier run, times, and long texts.</summary>
public sealed class ReportTableTests(Chromium chromium) : IClassFixture<Chromium>
{
    private static readonly Lazy<string> Mirror = new(() => Samples.Mirror(100));

    [Theory]
    [InlineData("New", "Copied", "Updated", "UpToDate")]
    [InlineData("Moved", "Copied", "Updated", "UpToDate")]
    [InlineData("Wanted, not there", "Failed")]
    [InlineData("Gone", "Gone")]
    public async Task Rows_are_chosen_by_what_has_changed(string change, params string[] statuses)
    {
        await using var report = await chromium.OpenAsync(ReportPage.Render(new ReportRun([.. Samples.Rows(1000, 1).Skip(30)], Samples.Night)
        {
            Previous = Samples.Rows(800, 0), HasEnded = true,
        }));
        var title = (await report.TextsAsync("#changes h3")).Single(t => t.StartsWith(change + ":", StringComparison.Ordinal));
        var count = int.Parse(title[(title.LastIndexOf(' ') + 1)..], null);
        Assert.InRange(count, 1, 800);
        await report.Page.SelectAsync("#change", change);
        Assert.Equal(change == "Gone" ? $"{count} rows of the earlier run" : $"{count} of 2,970 rows", await report.TextAsync("#found"));
        Assert.All(await report.TextsAsync("#table tbody tr .more b"), s => Assert.Contains(s, statuses));
        await report.Page.SelectAsync("#change", string.Empty);
        Assert.Equal("2,970 rows", await report.TextAsync("#found"));
        Assert.Empty(report.Complaints);
    }

    [Fact]
    public async Task A_list_that_is_cut_leads_to_all_of_it()
    {
        await using var report = await chromium.OpenAsync(ReportPage.Render(new ReportRun(Samples.Rows(1, 1), Samples.Night)
        {
            Previous = Samples.Rows(100, 0), HasEnded = true,
        }));
        await report.Page.ClickAsync("a[data-change=Gone]");
        Assert.Equal("297 rows of the earlier run", await report.TextAsync("#found"));
        await report.Page.ClickAsync("#table .more");
        Assert.Contains("Status in the earlier run", await report.TextAsync("#table .all"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_an_earlier_run_nothing_is_chosen_by_change()
    {
        await using var report = await chromium.OpenAsync(ReportPage.Render(new ReportRun(Samples.Rows(2, 1), Samples.Night) { HasEnded = true }));
        Assert.Equal("none", await report.Page.EvaluateExpressionAsync<string>("getComputedStyle(document.querySelector('label[for=change]')).display"));
    }

    [Fact]
    public async Task A_failed_row_says_its_text_once()
    {
        await using var report = await chromium.OpenAsync(Mirror.Value);
        await report.Page.ClickAsync(".count.Failed");
        var reason = await report.TextAsync("#table tbody tr .reason");
        await report.Page.ClickAsync("#table .more");
        Assert.Contains("Error id", await report.TextAsync("#table .all"), StringComparison.Ordinal);
        Assert.DoesNotContain(reason, await report.TextAsync("#table .all"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_stay_whole_where_there_is_room()
    {
        await using var report = await chromium.OpenAsync(Mirror.Value, 1440);
        await report.Page.ClickAsync(".count.Failed");
        var broken = await report.Page.EvaluateExpressionAsync<string[]>("""
            [...document.querySelectorAll('#table tbody td:nth-child(2)')].filter(c => {
                const range = document.createRange();
                range.selectNodeContents(c);
                return [...range.getClientRects()].some(r => r.top > range.getClientRects()[0].top + 12);
            }).map(c => c.innerText)
            """);
        Assert.Empty(broken);
    }

    [Fact]
    public async Task Times_are_written_and_sorted_as_they_are_everywhere()
    {
        long[] micros = [3_599_500_000, 400, 1_400, 1_300, 999_499, 999_500, 59_949_999, 59_950_000, 0, 5_400_000_000];
        var lines = new OciSync.Core.Rows.ResultLines("times");
        foreach (var micro in micros)
        {
            lines.Add(Samples.Line(("Source", $"a.test/x:{micro}"), ("Destination", $"b.test/x:{micro}"), ("Status", "Copied"),
                ("StartTime", "2026-11-28T02:00:00Z"), ("Duration", TimeSpan.FromTicks(micro * 10).ToString("c", null))));
        }

        await using var report = await chromium.OpenAsync(ReportPage.Render(new ReportRun(lines.Rows, Samples.Night) { HasEnded = true }));
        await report.Page.EvaluateExpressionAsync(
            "[...document.querySelectorAll('#table thead button')].find(b => b.innerText.startsWith('Time')).click()");
        var expected = micros.Order().Select(m => Written(m)).ToList();
        var cells = await report.TextsAsync("#table tbody td[data-label=Time]");
        Assert.Equal(expected, cells);
        Assert.Equal(micros.Order().Select(m => $"a.test/x:{m}"), await report.TextsAsync("#table tbody td[data-label=Source]"));

        // The table of the slowest is written by the page's maker, this one by its script.
        Assert.Equal(cells.Reverse().Take(9), await report.TextsAsync("#slowest tbody td[data-label=Time]"));
    }

    private static string Written(long micro) => micro switch
    {
        0 => "0 ms",
        400 => "< 1 ms",
        1_300 or 1_400 => "1 ms",
        999_499 => "999 ms",
        999_500 => "1.0 s",
        59_949_999 => "59.9 s",
        59_950_000 => "1 min 0 s",
        3_599_500_000 => "1 h 0 min",
        5_400_000_000 => "1 h 30 min",
        _ => throw new ArgumentOutOfRangeException(nameof(micro)),
    };
}
