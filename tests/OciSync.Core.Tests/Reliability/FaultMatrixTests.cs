using System.Diagnostics;
using System.Text;
using OciSync.Testing.Servers;

namespace OciSync.Core.Tests.Reliability;

/// <summary>Faults at every kind of request: a slice of them here, all of them by <c>build.ps1 reliability</c>.</summary>
public sealed class FaultMatrixTests
{
    // Another slice each day; the day is in the failure's text.
    private static readonly int Seed = (int)(DateTime.UtcNow.Date - DateTime.UnixEpoch).TotalDays;

    [Fact]
    public void There_are_enough_cases_and_each_fault_is_tried_where_it_can_strike()
    {
        var cases = FaultCases.Create().ToList();
        Assert.True(cases.Count >= 300, $"{cases.Count}");
        Assert.Equal(cases.Count, cases.Select(c => c.ToString()).Distinct().Count());
        Assert.Equal(Enum.GetValues<RequestKind>().Length, cases.Select(c => c.Kind).Distinct().Count());
    }

    [Fact]
    public async Task A_slice_of_the_table_holds()
    {
        Assert.SkipWhen(DockerRegistryProcess.WhyMissing is not null, DockerRegistryProcess.WhyMissing ?? string.Empty);
        var random = new Random(Seed);
        var cases = FaultCases.Create().OrderBy(_ => random.Next()).Take(25).ToList();
        await using var bench = await FaultBench.StartAsync();
        var clock = Stopwatch.StartNew();
        var wrong = new List<string>();
        foreach (var one in cases.TakeWhile(_ => clock.Elapsed < TimeSpan.FromSeconds(20)))
        {
            var outcome = await bench.RunAsync(one);
            wrong.AddRange(outcome.Wrong is { } fault ? [fault] : Array.Empty<string>());
        }

        Assert.True(wrong.Count == 0, $"seed {Seed}:\n{string.Join('\n', wrong)}");
    }

    /// <summary>The whole table, which becomes a part of the page that the environment variable names.</summary>
    [Fact(Explicit = true)]
    public async Task The_whole_table_holds()
    {
        await using var bench = await FaultBench.StartAsync();
        var outcomes = new List<FaultOutcome>();
        foreach (var one in FaultCases.Create())
        {
            outcomes.Add(await bench.RunAsync(one));
        }

        var wrong = outcomes.Where(o => o.Wrong is not null).Select(o => o.Wrong!).ToList();
        if (Environment.GetEnvironmentVariable("OCISYNC_RELIABILITY_PAGE") is { Length: > 0 } page)
        {
            File.WriteAllText(page, FaultTable.Replace(File.ReadAllText(page), outcomes), new UTF8Encoding(false));
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }
}
