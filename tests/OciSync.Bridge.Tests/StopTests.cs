using System.Diagnostics;
using System.Management.Automation;

namespace OciSync.Bridge.Tests;

public sealed class StopTests
{
    [Fact]
    public async Task A_stop_cancels_the_work_and_waits_for_its_end()
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
        var (elapsed, state, _) = await StopAsync(engine, started.Task);
        Assert.True(ended);
        Assert.Equal(PSInvocationState.Stopped, state);
        Assert.InRange(elapsed, 0, 800);
    }

    [Fact]
    public async Task A_stop_takes_no_more_than_a_second_when_the_work_stalls()
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var stall = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var engine = new Engine((_, _) =>
        {
            started.SetResult();
            return stall.Task;
        });
        var (elapsed, state, late) = await StopAsync(engine, started.Task);
        stall.SetException(new InvalidOperationException("late"));
        Assert.Equal(PSInvocationState.Stopped, state);
        Assert.InRange(Math.Max(0, elapsed - await late), 0, 1150);
    }

    [Fact]
    public async Task A_stop_is_not_held_up_by_a_blocking_cancellation_callback()
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var release = new ManualResetEventSlim();
        using var engine = new Engine(async (_, token) =>
        {
            await using var callback = token.Register(release.Wait);
            started.SetResult();
            await Task.Delay(Timeout.Infinite, CancellationToken.None);
        });
        var (elapsed, _, late) = await StopAsync(engine, started.Task);
        release.Set();
        Assert.InRange(Math.Max(0, elapsed - await late), 0, 1150);
    }

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
        await full.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        var stop = shell.BeginStop(null, null);
        await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
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
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        var stop = shell.BeginStop(null, null);
        Assert.True(await answered.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken));
        consuming.Set();
        shell.EndStop(stop);
        Assert.Throws<PipelineStoppedException>(() => shell.EndInvoke(run));
    }

    // How long the stop took, and how much later than after a second a thread woke up that slept for one meanwhile: so late is the machine.
    private static async Task<(long Elapsed, PSInvocationState State, Task<long> Late)> StopAsync(Engine engine, Task started)
    {
        using var shell = engine.Script("Invoke-TestWork $work");
        var run = shell.BeginInvoke();
        await started.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        var clock = Stopwatch.StartNew();
        var late = SleepAsync(clock);
        shell.Stop();
        var elapsed = clock.ElapsedMilliseconds;
        Assert.Throws<PipelineStoppedException>(() => shell.EndInvoke(run));
        return (elapsed, shell.InvocationStateInfo.State, late);
    }

    private static Task<long> SleepAsync(Stopwatch clock)
    {
        var woken = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            Thread.Sleep(1000);
            woken.SetResult(Math.Max(0, clock.ElapsedMilliseconds - 1000));
        }) { IsBackground = true }.Start();
        return woken.Task;
    }
}
