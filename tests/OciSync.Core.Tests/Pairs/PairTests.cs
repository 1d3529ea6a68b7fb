using System.Diagnostics;
using System.Text;

namespace OciSync.Core.Tests.Pairs;

/// <summary>Every kind of image from every transport to every other: a slice of them here, all of them by <c>build.ps1 transports</c>.</summary>
public sealed class PairTests
{
    // Another slice each day; the day is in the failure's text.
    private static readonly int Seed = (int)(DateTime.UtcNow.Date - DateTime.UnixEpoch).TotalDays;

    [Fact]
    public async Task A_slice_of_the_table_holds()
    {
        Assert.SkipWhen(PairBench.WhyMissing is not null, PairBench.WhyMissing ?? string.Empty);
        var random = new Random(Seed);
        await using var bench = await PairBench.StartAsync();
        var clock = Stopwatch.StartNew();
        var wrong = new List<string>();
        foreach (var one in PairCase.All().OrderBy(_ => random.Next()).Take(30).TakeWhile(_ => clock.Elapsed < TimeSpan.FromSeconds(20)))
        {
            var outcome = await bench.RunAsync(one);
            wrong.AddRange(outcome.Wrong is { } fault ? [fault] : Array.Empty<string>());
        }

        Assert.True(wrong.Count == 0, $"seed {Seed}:\n{string.Join('\n', wrong)}");
    }

    [Fact]
    public void The_page_has_every_case_and_none_is_wrong()
    {
        var page = File.ReadAllText(FindPage());
        var begin = page.IndexOf(PairTable.Begin, StringComparison.Ordinal);
        var table = page[begin..page.IndexOf(PairTable.End, StringComparison.Ordinal)];

        Assert.Contains($"{PairCase.All().Count()} cases: ", table, StringComparison.Ordinal);
        Assert.DoesNotContain("**wrong**", table, StringComparison.Ordinal);
    }

    /// <summary>The whole table, which becomes a part of the page that the environment variable names.</summary>
    [Fact(Explicit = true)]
    public async Task The_whole_table_holds()
    {
        await using var bench = await PairBench.StartAsync();
        var outcomes = new List<PairOutcome>();
        foreach (var one in PairCase.All())
        {
            outcomes.Add(await bench.RunAsync(one));
        }

        if (Environment.GetEnvironmentVariable("OCISYNC_PAIRS_PAGE") is { Length: > 0 } page)
        {
            File.WriteAllText(page, PairTable.Replace(File.ReadAllText(page), outcomes), new UTF8Encoding(false));
        }

        Assert.True(outcomes.All(o => o.Wrong is null), string.Join('\n', outcomes.Select(o => o.Wrong).OfType<string>()));
    }

    private static string FindPage()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "OciSync.slnx")))
        {
            folder = folder.Parent;
        }

        return Path.Combine(folder.FullName, "docs", "transports.md");
    }
}
