using System.Management.Automation;

namespace OciSync.Bridge.Tests;

public sealed class StopTests
{
    [Fact]
    public Task A_stop_cancels_the_work_and_waits_for_its_end() => Lateness.HoldAsync(800, async () =>
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var ended = false;
        using var engine = new Engine(async (_, token) =>
        {
            started.SetResult();
            try
            {
                await Task.Delay(Timeout.Infinite, token);
            }
            finally
            {
                await Task.Delay(100, CancellationToken.None);
                ended = true;
            }
        });
        var elapsed = await StopAsync(engine, started.Task);
        Assert.True(ended);
        return elapsed;
    });

    [Fact]
    public Task A_stop_takes_no_more_than_a_second_when_the_work_stalls() => Lateness.HoldAsync(1150, async () =>
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var stall = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var engine = new Engine((_, _) =>
        {
            started.SetResult();
            return stall.Task;
        });
        var elapsed = await StopAsync(engine, started.Task);
        stall.SetException(new InvalidOperationException("late"));
        return elapsed;
    });

    [Fact]
    public Task A_stop_is_not_held_up_by_a_blocking_cancellation_callback() => Lateness.HoldAsync(1150, async () =>
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var release = new ManualResetEventSlim();
        using var engine = new Engine(async (_, token) =>
        {
            await using var callback = token.Register(release.Wait);
            started.SetResult();
            await Task.Delay(Timeout.Infinite, CancellationToken.None);
        });
        var elapsed = await StopAsync(engine, started.Task);
        release.Set();
        return elapsed;
    });

    [Fact]
    public async Task A_stop_frees_work_that_waits_for_room()
    {
        var full = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var consuming = new ManualResetEventSlim();
        using var engine = new Engine(async (writer, _) =>
        {
            try
            {
                for (var i = 0; ; i++)
                {
                    var write = writer.WriteObjectAsync(new Action(consuming.Wait));
                    if (!write.IsCompleted)
                    {
                        full.TrySetResult();
                    }

                    await write;
                }
            }
            catch (OperationCanceledException)
            {
                cancelled.SetResult();
                throw;
            }
        });
        using var shell = engine.Script("Invoke-TestWork $work | ForEach-Object { $_.Invoke() }");
        var run = shell.BeginInvoke();
        await full.Task.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        var stop = shell.BeginStop(null, null);
        await cancelled.Task.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        consuming.Set();
        shell.EndStop(stop);
        Assert.Throws<PipelineStoppedException>(() => shell.EndInvoke(run));
    }

    [Fact]
    public async Task A_stop_cancels_a_question_that_was_not_asked_yet()
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var answered = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var consuming = new ManualResetEventSlim();
        using var engine = new Engine(async (writer, _) =>
        {
            await writer.WriteObjectAsync(new Action(consuming.Wait));
            var question = writer.ShouldProcessAsync("target", "action");
            asked.SetResult();
            await question.ContinueWith(task => answered.SetResult(task.IsCanceled), TaskScheduler.Default);
        });
        using var shell = engine.Script("Invoke-TestWork $work | ForEach-Object { $_.Invoke() }");
        var run = shell.BeginInvoke();
        await asked.Task.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        var stop = shell.BeginStop(null, null);
        Assert.True(await answered.Task.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken));
        consuming.Set();
        shell.EndStop(stop);
        Assert.Throws<PipelineStoppedException>(() => shell.EndInvoke(run));
    }

    // How long the stop took.
    private static async Task<long> StopAsync(Engine engine, Task started)
    {
        using var shell = engine.Script("Invoke-TestWork $work");
        var run = shell.BeginInvoke();
        await started.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        var elapsed = await Lateness.MeasureAsync(shell.Stop);
        Assert.Throws<PipelineStoppedException>(() => shell.EndInvoke(run));
        Assert.Equal(PSInvocationState.Stopped, shell.InvocationStateInfo.State);
        return elapsed;
    }
}
