using System.Management.Automation;
using OciSync.Core.Flow;
using OciSync.PowerShell.Output;

namespace OciSync.Bridge.Tests;

public sealed class TransferMonitorTests
{
    [Fact]
    public async Task What_is_shown_is_shown_again_while_nothing_moves()
    {
        var records = await WatchParentTwiceAsync(static events =>
        {
            events.Images!(2);
            events.ImageDone!();
        });
        Assert.All(records, record => Assert.StartsWith("1 of 2 images", record.StatusDescription, StringComparison.Ordinal));
    }

    [Fact]
    public async Task There_is_no_speed_before_anything_was_sent()
    {
        var records = await WatchParentTwiceAsync(static events =>
        {
            events.Images!(1);
            events.Progress!(Bytes('a', 100, true));
        });
        Assert.All(records, record => Assert.DoesNotContain("/s", record.StatusDescription, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_layer_that_is_done_is_shown_no_more()
    {
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var all = await WatchAsync(
            shown =>
            {
                (shown.Exists(IsSecondLayer) ? seen : null)?.TrySetResult();

                // Until the images are shown once more after the layer's end.
                return shown.FindIndex(r => r.ActivityId == 7303 && r.RecordType == ProgressRecordType.Completed) is >= 0 and var end
                    && shown.FindIndex(end, IsParent) > end;
            },
            events =>
            {
                events.Images!(1);
                events.Progress!(Bytes('a', 10, false));
                events.Progress!(Bytes('b', 10, false));
                seen.Task.ContinueWith(_ => events.Progress!(Bytes('b', 100, true)), TaskScheduler.Default);
            });
        var second = all.Where(record => record.ActivityId == 7303).Select(record => record.RecordType).ToList();
        Assert.Equal(ProgressRecordType.Completed, Assert.Single(second, type => type == ProgressRecordType.Completed));
        Assert.Equal(ProgressRecordType.Completed, second[^1]);
    }

    [Fact]
    public async Task Where_nobody_watches_no_words_are_made_for_each_image()
    {
        long bytes = 0;
        using var engine = new Engine((writer, _) =>
        {
            using var monitor = new TransferMonitor("Sync images", writer, isWatched: false);
            var events = monitor.Listen(EngineEvents.None);
            events.Images!(1000);
            events.ImageDone!();
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 1000; i++)
            {
                events.ImageDone!();
            }

            bytes = GC.GetAllocatedBytesForCurrentThread() - before;
            return Task.CompletedTask;
        });
        using var shell = engine.Script("Invoke-TestWork $work");
        await shell.InvokeAsync().WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        Assert.InRange(bytes, 0, 50_000);
    }

    private static TransferProgress Bytes(char blob, long bytes, bool ended) => new("r.test/a:1", "sha256:" + new string(blob, 64), bytes, 100, ended);

    private static bool IsParent(ProgressRecord record) => record is { ActivityId: 7301, RecordType: ProgressRecordType.Processing };

    private static bool IsSecondLayer(ProgressRecord record) => record is { ActivityId: 7303, RecordType: ProgressRecordType.Processing };

    private static async Task<List<ProgressRecord>> WatchParentTwiceAsync(Action<EngineEvents> report) =>
        [.. (await WatchAsync(shown => shown.Count(IsParent) == 2, report)).Where(IsParent)];

    // Until enough was shown.
    private static async Task<List<ProgressRecord>> WatchAsync(Func<List<ProgressRecord>, bool> isEnough, Action<EngineEvents> report)
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var engine = new Engine(async (writer, _) =>
        {
            using var monitor = new TransferMonitor("Sync images", writer, isWatched: true);
            report(monitor.Listen(EngineEvents.None));
            await release.Task;
        });
        using var shell = engine.Script("Invoke-TestWork $work");
        var all = new List<ProgressRecord>();
        shell.Streams.Progress.DataAdded += (_, added) =>
        {
            all.Add(shell.Streams.Progress[added.Index]);
            (isEnough(all) ? release : null)?.TrySetResult();
        };
        await shell.InvokeAsync().WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        return all;
    }
}
