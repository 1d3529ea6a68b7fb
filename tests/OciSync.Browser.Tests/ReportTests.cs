using System.Text.RegularExpressions;
using OciSync.Core.Reports;
using OciSync.Core.Rows;
using OciSync.Testing;

namespace OciSync.Browser.Tests;

/// <summary>The page of a run, as somebody in front of a browser has it.</summary>
public sealed partial class ReportTests(Chromium chromium) : IClassFixture<Chromium>
{
    private static readonly Lazy<string> Mirror = new(() => Samples.Mirror(100));

    [Fact]
    public async Task It_shows_what_was_done_and_asks_for_nothing()
    {
        await using var report = await chromium.OpenAsync(Mirror.Value);
        Assert.Matches("^[1-9][0-9]* of 300 rows failed$", await report.TextAsync("h1"));
        Assert.Contains("Saturday, 28 November 2026, 02:00:00 to 02:01:", await report.TextAsync("#done"), StringComparison.Ordinal);
        Assert.Equal(["Failures", "Since the earlier run", "The run in time", "Slowest rows", "All rows", "What the words mean"],
            await report.TextsAsync("h2"));
        Assert.Equal(100, await report.CountAsync("#table tbody tr"));
        Assert.Equal("Rows 1 to 100 of 300", await report.TextAsync("#page"));
        Assert.Empty(report.Complaints);
    }

    [Fact]
    public async Task Typing_finds_rows_by_any_of_their_words()
    {
        await using var report = await chromium.OpenAsync(Mirror.Value);
        await report.Page.TypeAsync("#words", "QUAY.IO harbor 0.4.");
        var rows = await report.TextsAsync("#table tbody tr td:nth-child(2)");
        Assert.Equal(["quay.io/kube-apiserver:0.4.4"], rows);
        Assert.Equal("1 of 300 rows", await report.TextAsync("#found"));

        await report.Page.EvaluateExpressionAsync("words.value = 'no such thing'; words.dispatchEvent(new Event('input'))");
        Assert.Equal("No rows", await report.TextAsync("#page"));
        Assert.Empty(report.Complaints);
    }

    [Fact]
    public async Task A_click_on_a_count_shows_its_rows()
    {
        await using var report = await chromium.OpenAsync(Mirror.Value);
        var count = int.Parse(await report.TextAsync(".count.Failed b"), null);
        await report.Page.ClickAsync(".count.Failed");
        Assert.Equal($"{count} of 300 rows", await report.TextAsync("#found"));
        Assert.Equal(["Failed"], (await report.TextsAsync("#table tbody tr .more b")).Distinct());
        Assert.Equal(count, await report.CountAsync("#table .reason"));
    }

    [Fact]
    public async Task A_click_on_a_heading_sorts_and_a_second_one_turns_it_round()
    {
        await using var report = await chromium.OpenAsync(Mirror.Value);
        await report.Page.ClickAsync("#table thead th:nth-child(2) button");
        Assert.Equal("ascending", await SortAsync(report, 2));
        var up = await report.TextsAsync("#table tbody td:nth-child(2)");
        Assert.Equal("docker.io/coredns/coredns:0.6.6", up[0]);
        Assert.True(Array.IndexOf(up, "docker.io/kube-apiserver:0.12.5") is var last && last > Array.IndexOf(up, "docker.io/coredns/coredns:0.78.1"));

        await report.Page.ClickAsync("#table thead th:nth-child(2) button");
        Assert.Equal("descending", await SortAsync(report, 2));
        Assert.StartsWith("registry.k8s.io/", (await report.TextsAsync("#table tbody td:nth-child(2)"))[0], StringComparison.Ordinal);

        // Numbers by their size, and not as text.
        var copied = await report.Page.EvaluateFunctionAsync<int>(
            "() => [...document.querySelectorAll('#table thead th')].findIndex(h => h.innerText.startsWith('Copied')) + 1");
        await report.Page.ClickAsync($"#table thead th:nth-child({copied}) button");
        await report.Page.ClickAsync($"#table thead th:nth-child({copied}) button");
        Assert.Equal("none", await SortAsync(report, 2));
        var sizes = (await report.TextsAsync($"#table tbody td:nth-child({copied})")).Select(Bytes).ToList();
        Assert.True(sizes[0] > 0);
        Assert.Equal(sizes.OrderDescending(), sizes);
    }

    [Fact]
    public async Task The_keyboard_alone_opens_a_row_and_turns_pages()
    {
        await using var report = await chromium.OpenAsync(Mirror.Value);
        await report.Page.Keyboard.PressAsync("Tab");
        Assert.Equal("skip", await FocusedAsync(report, "className"));
        await report.Page.Keyboard.PressAsync("Enter");
        for (var i = 0; i < 20 && !(await FocusedAsync(report, "className")).StartsWith("more", StringComparison.Ordinal); i++)
        {
            await report.Page.Keyboard.PressAsync("Tab");
        }

        await report.Page.Keyboard.PressAsync("Enter");
        Assert.Equal("true", await report.Page.EvaluateExpressionAsync<string>("document.activeElement.getAttribute('aria-expanded')"));
        Assert.Contains("8d2c4b0f5a3e4d6f9a1b2c3d4e5f6071", await report.TextAsync("#table .all"), StringComparison.Ordinal);
        await report.Page.Keyboard.PressAsync("Space");
        Assert.Equal(0, await report.CountAsync("#table .all"));

        await report.Page.FocusAsync("#after");
        await report.Page.Keyboard.PressAsync("Enter");
        Assert.Equal("Rows 101 to 200 of 300", await report.TextAsync("#page"));
    }

    [Fact]
    public async Task Thirty_hostile_names_stay_text()
    {
        Assert.True(Hostile.Names.Count >= 30);
        var lines = new ResultLines("hostile");
        foreach (var (name, i) in Hostile.Names.Select((n, i) => (n, i)))
        {
            lines.Add(Samples.Line(
                ("Source", $"r{i}.test/{name}"), ("Destination", $"d.test/{name}:{i}"), ("Status", i % 2 == 0 ? "Failed" : "Copied"),
                ("Error", name), ("Reason", name),
                ("ErrorId", name), ("Digest", name), ("Platforms", new[] { name }), ("RunId", name), ("Selection", name), ("StartTime", "2026-11-28T02:00:00Z"),
                ("Duration", "00:00:01")));
        }

        var html = ReportPage.Render(new ReportRun(lines.Rows, Samples.Night)
            { Previous = [], HasEnded = true, Note = Hostile.Names[1], RowsName = Hostile.Names[0] });
        await using var report = await chromium.OpenAsync(html);
        Assert.Equal(Hostile.Names.Select((n, i) => $"r{i}.test/{n}"), await CellsAsync(report, 2));
        var reasons = await report.Page.EvaluateFunctionAsync<string[]>("() => [...document.querySelectorAll('#failures .rows p')].map(e => e.textContent)");
        Assert.Equal(Hostile.Names.Where((_, i) => i % 2 == 0).Order(StringComparer.Ordinal), reasons.Order(StringComparer.Ordinal));
        Assert.True(await report.Page.EvaluateExpressionAsync<bool>(
            "window.bad === undefined && !document.getElementById('bad') && document.scripts.length === 2 "
            + "&& !document.querySelector('img, iframe, base, form')"));
        Assert.Equal(2, await report.CountAsync("style, link"));
        Assert.Empty(report.Complaints);
    }

    [Theory]
    [InlineData(1280, false)]
    [InlineData(1280, true)]
    [InlineData(390, false)]
    [InlineData(390, true)]
    public async Task Axe_finds_no_fault(int width, bool isDark)
    {
        await using var report = await chromium.OpenAsync(Mirror.Value, width, isDark: isDark);
        await report.Page.EvaluateExpressionAsync("document.querySelectorAll('details').forEach(d => d.open = true); document.querySelector('.more').click()");
        var (faults, passed) = await Axe.RunAsync(report.Page);
        Assert.Empty(faults);
        Assert.True(passed > 20, $"{passed} rules of axe had something to look at.");
        Assert.Empty(report.Complaints);
    }

    [Theory]
    [InlineData(390)]
    [InlineData(820)]
    [InlineData(1280)]
    public async Task Nothing_is_wider_than_the_screen(int width)
    {
        await using var report = await chromium.OpenAsync(Mirror.Value, width);
        Assert.Equal(width, await report.Page.EvaluateExpressionAsync<int>("document.documentElement.scrollWidth"));

        // Nor is a cell so narrow that a word in it falls apart.
        var narrow = await report.Page.EvaluateExpressionAsync<string[]>("""
            [...document.querySelectorAll('tbody td, tbody th')].filter(c => /^\S{2,12}$/.test(c.innerText)).filter(c => {
                const range = document.createRange();
                range.selectNodeContents(c);
                const tops = [...range.getClientRects()].map(r => r.top);
                return Math.max(...tops) - Math.min(...tops) > 12;
            }).map(c => c.innerText)
            """);
        Assert.Empty(narrow);
    }

    [Fact]
    public async Task Without_script_all_but_the_table_is_there()
    {
        await using var report = await chromium.OpenAsync(Mirror.Value, hasScript: false);
        var text = await report.TextAsync("body");
        Assert.Contains("This table needs JavaScript", text, StringComparison.Ordinal);
        Assert.Contains("What helps", text, StringComparison.Ordinal);
        Assert.Contains("Slowest rows", text, StringComparison.Ordinal);
        Assert.Equal("none", await report.Page.EvaluateExpressionAsync<string>("getComputedStyle(document.getElementById('find')).display"));
    }

    [Fact]
    public async Task On_paper_there_are_no_controls()
    {
        await using var report = await chromium.OpenAsync(Mirror.Value);
        await report.Page.EmulateMediaTypeAsync(PuppeteerSharp.Media.MediaType.Print);
        foreach (var control in new[] { "#find label", ".copy", "#after" })
        {
            Assert.Equal("none", await report.Page.EvaluateFunctionAsync<string>("s => getComputedStyle(document.querySelector(s)).display", control));
        }

        Assert.Equal("block", await report.Page.EvaluateExpressionAsync<string>("getComputedStyle(document.querySelector('#failures')).display"));
    }

    [Fact]
    public async Task Fifteen_thousand_rows_are_a_small_file_and_few_elements()
    {
        var html = Samples.Mirror(5000);
        Assert.True(html.Length < 6_000_000, $"{html.Length} bytes");
        await using var report = await chromium.OpenAsync(html);
        Assert.Equal("15,000 rows", await report.TextAsync("#found"));

        // What is shown is bounded, whatever there is: that is what keeps it quick.
        Assert.True(await report.CountAsync("*") < 10_000);
        await report.Page.TypeAsync("#words", "49.99");
        Assert.Equal("3 of 15,000 rows", await report.TextAsync("#found"));
        Assert.Empty(report.Complaints);
        if (Environment.GetEnvironmentVariable("OCISYNC_TIMES") is not null)
        {
            TestContext.Current.SendDiagnosticMessage(
                await report.Page.EvaluateExpressionAsync<string>("JSON.stringify(performance.getEntriesByType('navigation')[0])"));
        }
    }

    /// <summary>Pictures for docs/report.md, into the folder that the environment names.</summary>
    [Fact(Explicit = true)]
    public async Task Pictures_are_taken()
    {
        var folder = Environment.GetEnvironmentVariable("OCISYNC_PICTURES") ?? throw new InvalidOperationException("OCISYNC_PICTURES names no folder.");
        foreach (var (width, height) in new[] { (390, 844), (820, 1100), (1280, 900) })
        {
            foreach (var isDark in new[] { false, true })
            {
                await using var report = await chromium.OpenAsync(Mirror.Value, width, height, isDark);
                await report.Page.ScreenshotAsync(Path.Combine(folder, $"{width}-{(isDark ? "dark" : "light")}.png"));
            }
        }
    }

    private static async Task<string[]> CellsAsync(OpenReport report, int column) =>
        await report.Page.EvaluateFunctionAsync<string[]>(
            "n => [...document.querySelectorAll(`#table tbody td:nth-child(${n})`)].map(e => e.textContent)", column);

    private static async Task<string> SortAsync(OpenReport report, int column) =>
        await report.Page.EvaluateFunctionAsync<string>("n => document.querySelector(`#table thead th:nth-child(${n})`).getAttribute('aria-sort')", column);

    private static async Task<string> FocusedAsync(OpenReport report, string property) =>
        await report.Page.EvaluateFunctionAsync<string>("p => String(document.activeElement[p] ?? '')", property);

    private static double Bytes(string text)
    {
        var match = Size().Match(text);
        return double.Parse(match.Groups[1].Value, null) * Math.Pow(1024, Array.IndexOf(["B", "KiB", "MiB", "GiB"], match.Groups[2].Value));
    }

    [GeneratedRegex(@"^([0-9.]+) (\w+)$")]
    private static partial Regex Size();
}
