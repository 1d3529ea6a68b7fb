using System.Diagnostics;
using System.Text;

namespace OciSync.Core.Tests.Interop;

/// <summary>Signatures of every kind between the tools that make and check them: a slice here, all of them by <c>build.ps1 signatures</c>.</summary>
public sealed class InteropTests
{
    // Another slice each day; the day is in the failure's text.
    private static readonly int Seed = (int)(DateTime.UtcNow.Date - DateTime.UnixEpoch).TotalDays;

    [Fact]
    public async Task A_slice_of_the_table_holds()
    {
        Assert.SkipWhen(InteropBench.WhyMissing is not null, InteropBench.WhyMissing ?? string.Empty);
        var random = new Random(Seed);
        await using var bench = await InteropBench.StartAsync();
        var clock = Stopwatch.StartNew();
        foreach (var one in InteropCase.All().OrderBy(_ => random.Next()).TakeWhile(_ => clock.Elapsed < TimeSpan.FromSeconds(8)))
        {
            var outcome = await bench.RunAsync(one);
            Assert.False(InteropTable.IsWrong(outcome), $"seed {Seed}, {one}: {outcome}");
        }
    }

    [Fact]
    public void The_page_has_every_cell_and_none_is_wrong()
    {
        var page = File.ReadAllText(FindPage());
        var table = page[page.IndexOf(InteropTable.Begin, StringComparison.Ordinal)..page.IndexOf(InteropTable.End, StringComparison.Ordinal)];
        Assert.Contains($"{InteropCase.All().Count()} cells: ", table, StringComparison.Ordinal);
        Assert.Contains(", 0 wrong, ", table, StringComparison.Ordinal);
        Assert.All(InteropCase.Ours, o => Assert.Contains($"| {o.What} |", table, StringComparison.Ordinal));
        Assert.All(InteropCase.Theirs, t => Assert.Contains($"| {t.Maker} | {t.What} |", table, StringComparison.Ordinal));
    }

    /// <summary>Both tables, which become a part of the page that the environment variable names.</summary>
    [Fact(Explicit = true)]
    public async Task Both_tables_hold()
    {
        await using var bench = await InteropBench.StartAsync();
        var outcomes = new Dictionary<InteropCase, string>();
        foreach (var one in InteropCase.All())
        {
            outcomes.Add(one, await bench.RunAsync(one));
        }

        if (Environment.GetEnvironmentVariable("OCISYNC_SIGNATURES_PAGE") is { Length: > 0 } page)
        {
            var text = InteropTable.Replace(File.ReadAllText(page), outcomes, await bench.FindVersionsAsync());
            File.WriteAllText(page, text, new UTF8Encoding(false));
        }

        Assert.All(outcomes, o => Assert.False(InteropTable.IsWrong(o.Value), $"{o.Key}: {o.Value}"));
    }

    private static string FindPage()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "OciSync.slnx")))
        {
            folder = folder.Parent;
        }

        return Path.Combine(folder.FullName, "docs", "signatures.md");
    }
}
