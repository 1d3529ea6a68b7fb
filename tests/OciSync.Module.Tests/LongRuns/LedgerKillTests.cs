using System.Globalization;
using OciSync.Testing;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;

namespace OciSync.Module.Tests.LongRuns;

/// <summary>
/// What -MinimumAge knows, while two runs write it at once and one after the other is killed: each file is whole at every moment, what was noted
/// stays with its time, and the next run goes on with it.
/// </summary>
public sealed class LedgerKillTests : IAsyncLifetime
{
    private const int Repositories = 6;
    private const int Tags = 400;

    private readonly TempFolder _folder = new();
    private EmbeddedRegistry _source = null!;
    private EmbeddedRegistry _place = null!;

    private string Sources => string.Join(", ", Enumerable.Range(0, Repositories).Select(i => $"'{_source.Address}/app{i}'"));

    private string Command => $"Sync-OciImage -Source {Sources} -Latest 2 -Destination '{_place.Address}/m' "
        + $"-MinimumAge 3d -StatePath '{_folder["state"]}' -WarningAction SilentlyContinue";

    public async ValueTask InitializeAsync()
    {
        _source = await EmbeddedRegistry.StartAsync();
        _place = await EmbeddedRegistry.StartAsync();
        for (var i = 0; i < Repositories; i++)
        {
            var image = ImageFactory.Create(new ImageSpec { Seed = 700 + i, Layers = 1, LayerSize = 100 });
            await _source.AddAsync($"app{i}", image, [.. Enumerable.Range(0, Tags).Select(t => $"1.{t}.0")]);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _source.DisposeAsync();
        await _place.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task The_ledger_is_whole_after_each_kill_and_forgets_nothing()
    {
        var moments = new Moments(Moments.Seed);
        var known = new Dictionary<string, string>(StringComparer.Ordinal);
        var struck = 0;
        for (var i = 0; i < Moments.Count(3); i++)
        {
            // A run whose clock is a second further writes every file again.
            using var one = HostRun.Start($"while ($true) {{ $null = {Command} }}");
            using var other = HostRun.Start($"while ($true) {{ $null = {Command} }}");
            foreach (var run in new[] { one, other })
            {
                await moments.WaitAsync(_source, 200, Task.WhenAny(one.Ended, other.Ended));
                struck += run.Ended.IsCompleted ? 0 : 1;
                await run.KillAsync();
                Check(known);
            }
        }

        Assert.True(struck > 1 && known.Count == Repositories * (Tags + 1), $"{struck} runs were killed, {known.Count} sights are known");
        var output = await HostRun.RunAsync($"{Command} | Group-Object Status | ForEach-Object {{ \"$($_.Name) $($_.Count)\" }}");
        Assert.Equal($"Skipped {2 * Repositories}", output.Trim());
        Check(known);
        Assert.Equal(Repositories, Directory.GetFiles(_folder["state/first-sights"], "*", SearchOption.TopDirectoryOnly).Length);
    }

    // Each file that has its name is whole; what was known before has its time still.
    private void Check(Dictionary<string, string> known)
    {
        var folder = _folder["state/first-sights"];
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var file in Directory.Exists(folder) ? Directory.GetFiles(folder, "*.txt") : [])
        {
            var lines = File.ReadAllLines(file);
            Assert.StartsWith("OciSync first sights 1\t", lines[0], StringComparison.Ordinal);
            Assert.Equal("end\t" + (lines.Length - 2).ToString(CultureInfo.InvariantCulture), lines[^1]);
            foreach (var fields in lines[1..^1].Select(l => l.Split('\t')))
            {
                var sight = Path.GetFileName(file) + " " + fields[1];
                seen.Add(sight);
                Assert.Equal(known.TryAdd(sight, fields[2]) ? fields[2] : known[sight], fields[2]);
            }
        }

        Assert.Superset(known.Keys.ToHashSet(StringComparer.Ordinal), seen);
    }
}
