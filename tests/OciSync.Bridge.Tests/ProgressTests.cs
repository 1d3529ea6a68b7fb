using System.Diagnostics;
using System.Management.Automation;

namespace OciSync.Bridge.Tests;

public sealed class ProgressTests
{
    [Fact]
    public void At_most_five_records_a_second_and_completed_at_the_end()
    {
        using var engine = new Engine(async (writer, token) =>
        {
            for (var i = 0; i < 120; i++)
            {
                writer.WriteProgress(new ProgressRecord(1, "Copying", i + " done"));
                await Task.Delay(5, token);
            }
        });
        using var shell = engine.Script("Invoke-TestWork $work");
        var clock = Stopwatch.StartNew();
        shell.Invoke();
        var shown = shell.Streams.Progress.Where(record => record.RecordType == ProgressRecordType.Processing).ToList();
        Assert.InRange(shown.Count, 2, (clock.ElapsedMilliseconds / 200) + 1);
        Assert.Equal(ProgressRecordType.Completed, shell.Streams.Progress[^1].RecordType);
    }

    [Fact]
    public async Task A_held_back_record_is_shown_when_its_time_comes_though_the_work_is_silent()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var engine = new Engine(async (writer, _) =>
        {
            writer.WriteProgress(new ProgressRecord(1, "Copying", "first"));
            await Task.Delay(50, CancellationToken.None);
            writer.WriteProgress(new ProgressRecord(1, "Copying", "second"));
            await release.Task;
        });
        using var shell = engine.Script("Invoke-TestWork $work");
        shell.Streams.Progress.DataAdded += (_, added) =>
        {
            if (shell.Streams.Progress[added.Index].StatusDescription == "second")
            {
                release.TrySetResult();
            }
        };
        await shell.InvokeAsync().WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        Assert.Equal(["first", "second", "second"], shell.Streams.Progress.Select(record => record.StatusDescription));
    }

    [Theory]
    [InlineData("try { Invoke-TestWork $work } catch { }")]
    [InlineData("Invoke-TestWork $work | Stop-Upstream")]
    [InlineData("try { Invoke-TestWork $work | ForEach-Object { throw 'x' } } catch { }")]
    public void Progress_is_completed_after_failures_too(string script)
    {
        using var engine = new Engine(async (writer, _) =>
        {
            writer.WriteProgress(new ProgressRecord(1, "Parent", "busy"));
            await Task.Delay(300, CancellationToken.None);
            await writer.WriteObjectAsync("x");
            throw new InvalidDataException("broken");
        });
        using var shell = engine.Script(script);
        shell.Invoke();
        Assert.Equal(
            [ProgressRecordType.Processing, ProgressRecordType.Completed],
            shell.Streams.Progress.Select(record => record.RecordType));
    }
}
