using System.Globalization;
using System.Text;

namespace OciSync.Module.Tests.LongRuns;

/// <summary>The soak's part of docs/reliability.md.</summary>
internal static class SoakPage
{
    private const string Begin = "<!-- soak:begin -->";
    private const string End = "<!-- soak:end -->";

    /// <summary>The page with other figures; the part comes at the end of a page that has none.</summary>
    internal static string Replace(string page, SoakServers servers, SoakSize size, SoakFigures figures)
    {
        var part = $"{Begin}\n{Create(servers, size, figures)}{End}";
        var begin = page.IndexOf(Begin, StringComparison.Ordinal);
        return begin < 0
            ? page.TrimEnd() + "\n\n" + part + "\n"
            : page[..begin] + part + page[(page.IndexOf(End, StringComparison.Ordinal) + End.Length)..];
    }

    private static string Create(SoakServers servers, SoakSize size, SoakFigures figures)
    {
        var text = new StringBuilder();
        var struck = servers.Faults.Struck.OrderByDescending(s => s.Value).ToList();
        var destinations = servers.AreReal ? "two real docker-registries" : "two embedded registries";
        var killed = figures.Killed.Select(k => k.Peak).ToList();
        text.Append("## A long run\n\n");
        text.Append(CultureInfo.InvariantCulture, $"""
            `./build.sh soak` mirrors many small images to two places, through proxies that strike {SoakSize.Percent} of a hundred requests with faults of all kinds of the table above
            (but for `Retry-After` of a week, which ends a run at once). Runs are killed (SIGKILL) and begun again; each third time two run at once. Then one
            process mirrors everything {size.Rounds} times, and at the end one does without faults. The figures are those of the last run of this size ({DateTime.UtcNow:yyyy-MM-dd}, {Environment.ProcessorCount} processors, seed {size.Seed}):

            - {size.Images} images in {size.Repositories} repositories, from an embedded registry to {destinations}, in {figures.RunSeconds / 60:0.0} minutes: {servers.Faults.Requests} requests, {struck.Sum(s => s.Value)} of them struck.
            - {figures.Kills} kills, {figures.Twins} of them of two runs at once.
            - Read without the engine, after the kills, after the faults, and at the end ({figures.CheckSeconds:0} s): no tag was ever shown whose manifests and blobs were not all there with their digests. Before the run
              without faults {figures.MissingBefore} of {2 * size.Images} images were missing, at the end none; skopeo read {figures.ReadBySkopeo} of them.


            """);
        text.Append(
            "Rows that failed were struck by what no attempt mends (401, 403, 404, 413, 416, redirects that lead nowhere); a list of tags that failed is one "
            + "row.\n\n");
        text.Append("| round | time | rows | further attempts | objects held after it | threads | handles |\n| --- | --- | --- | --- | --- | --- | --- |\n");
        text.AppendJoin('\n', figures.Rounds.Select((r, i) => $"| {i + 1} | {r} |")).Append("\n\n");
        text.Append("| the most of | memory | threads | handles | connections |\n| --- | --- | --- | --- | --- |\n");
        text.Append(Row(
            "the killed processes",
            new ProcessSample(killed.Max(k => k.Megabytes), killed.Max(k => k.Threads), killed.Max(k => k.Handles), killed.Max(k => k.Sockets))));
        text.Append(Row("the last one with faults, its first third", figures.Last.PeakBetween(0, 0.3)));
        text.Append(Row("its middle", figures.Last.PeakBetween(0.3, 0.65)));
        text.Append(Row("its end", figures.Last.PeakBetween(0.65, 1)));
        text.Append(CultureInfo.InvariantCulture, $"\nFaults: {string.Join(", ", struck.Select(s => $"{s.Value} {s.Key}"))}.\n");
        return text.ToString();
    }

    private static string Row(string name, ProcessSample most) =>
        string.Create(CultureInfo.InvariantCulture, $"| {name} | {most.Megabytes} MB | {most.Threads} | {most.Handles} | {most.Sockets} |\n");
}
