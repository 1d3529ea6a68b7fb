using System.Diagnostics;
using System.Management.Automation;

namespace OciSync.Bridge.Tests;

public sealed class ProgressTests
{
    [Fact]
    public void At_most_five_records_a_second_and_completed_at_the_end()
    {
        var fourth = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var engine = new Engine(async (writer, token) =>
        {
            for (var i = 0; i < 4000 && !fourth.Task.IsCompleted; i++)
            {
                writer.WriteProgress(new ProgressRecord(1, "Copying", i + " done"));
                await Task.Delay(5, token);
            }
        });
        using var shell = engine.Script("Invoke-TestWork $work");
        shell.Streams.Progress.DataAdded += (_, added) => (added.Index == 3 ? fourth : null)?.TrySetResult();
        var clock = Stopwatch.StartNew();
        shell.Invoke();
        var shown = shell.Streams.Progress.Where(record => record.RecordType == ProgressRecordType.Processing).ToList();
        Assert.InRange(shown.Count, 4, (clock.ElapsedMilliseconds / 200) + 1);
        Assert.Equal(ProgressRecordType.Completed, shell.Streams.Progress[^1].RecordType);
    }

    [Fact]
    public async Task A_held_back_record_is_shown_when_its_time_comes_though_the_work_is_silent()
    {
        TaskCompletionSource[] shown = [.. Enumerable.Range(0, 2).Select(_ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously))];
        using var engine = new Engine(async (writer, _) =>
        {
            writer.WriteProgress(new ProgressRecord(1, "Copying", "first"));
            await shown[0].Task;
            writer.WriteProgress(new ProgressRecord(1, "Copying", "second"));
            await shown[1].Task;
        });
        using var shell = engine.Script("Invoke-TestWork $work");
        shell.Streams.Progress.DataAdded += (_, added) => shown.ElementAtOrDefault(added.Index)?.TrySetResult();
        await shell.InvokeAsync().WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        Assert.Equal(["first", "second", "second"], shell.Streams.Progress.Select(record => record.StatusDescription));
    }

    [Theory]
    [InlineData("try { Invoke-TestWork $work } catch { }")]
    [InlineData("Invoke-TestWork $work | Stop-Upstream")]
    [InlineData("try { Invoke-TestWork $work | ForEach-Object { throw 'x' } } catch { }")]
    public void Progress_is_completed_after_failures_too(string script)
    {
        var shown = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var engine = new Engine(async (writer, _) =>
        {
            writer.WriteProgress(new ProgressRecord(1, "Parent", "busy"));
            await shown.Task.WaitAsync(TimeSpan.FromMinutes(1), CancellationToken.None);
            await writer.WriteObjectAsync("x");
            throw new InvalidDataException("broken");
        });
        using var shell = engine.Script(script);
        shell.Streams.Progress.DataAdded += (_, _) => shown.TrySetResult();
        shell.Invoke();
        Assert.Equal(
            [ProgressRecordType.Processing, ProgressRecordType.Completed],
            shell.Streams.Progress.Select(record => record.RecordType));
    }
}
