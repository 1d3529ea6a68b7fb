using System.Management.Automation;
using OciSync.PowerShell.Pipeline;

namespace OciSync.Bridge.Tests;

public sealed class TerminationTests
{
    [Fact]
    public async Task A_request_to_end_cancels_the_work_waits_for_it_and_holds_the_pipeline()
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
        using var shell = engine.Script("Invoke-TestWork $work; 'went on'");
        var running = shell.InvokeAsync();
        await started.Task;
        Termination.EndAll();
        Assert.True(ended);
        Assert.False(running.IsCompleted);

        // Nobody ends this process: the pipeline stops like any other.
        await Assert.ThrowsAsync<PipelineStoppedException>(() => running.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken));
    }

    [Fact]
    public Task Work_that_does_not_end_is_waited_for_no_longer_than_a_second() => Lateness.HoldAsync(1900, async () =>
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var stall = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var engine = new Engine((_, _) =>
        {
            started.SetResult();
            return stall.Task;
        });
        using var shell = engine.Script("Invoke-TestWork $work");
        var running = shell.InvokeAsync();
        await started.Task;
        var elapsed = await Lateness.MeasureAsync(Termination.EndAll);
        stall.SetResult();
        await Assert.ThrowsAsync<PipelineStoppedException>(() => running.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken));
        return elapsed;
    });
}
