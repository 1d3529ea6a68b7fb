using OciSync.Core.Flow;
using OciSync.Core.Polyfills;

namespace OciSync.Core.Tests.Polyfills;

/// <summary>Async methods of the engine behave as those of everybody, whatever builds them: each case goes through one of the engine's own.</summary>
public sealed class AsyncMethodTests
{
    private static readonly AsyncLocal<string?> Ambient = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_failure_is_the_very_exception(bool late)
    {
        var failure = new InvalidOperationException("kept");
        Assert.Same(failure, await Assert.ThrowsAsync<InvalidOperationException>(() => EndWith<int>(s => s.SetException(failure), late)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_cancellation_is_the_very_exception_and_the_task_is_cancelled(bool late)
    {
        var cancelled = new OperationCanceledException("kept", new TimeoutException());
        var task = EndWith<int>(s => s.SetException(cancelled), late);
        Assert.Same(cancelled, await Assert.ThrowsAsync<OperationCanceledException>(() => task));
        Assert.True(task.IsCanceled);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_result_arrives(bool late) => Assert.Equal("result", await EndWith<string>(s => s.SetResult("result"), late));

    [Fact]
    public async Task The_context_of_the_caller_goes_through_each_wait_and_what_work_sets_stays_its_own()
    {
        Ambient.Value = "caller";
        var seen = new List<string?>();
        await Throttle.ForEachAsync(
            [1, 2, 3],
            1,
            async (item, _) =>
            {
                lock (seen)
                {
                    seen.Add(Ambient.Value);
                }

                await Task.Yield();
                Ambient.Value = $"work {item}";
            },
            TestContext.Current.CancellationToken);
        Assert.Equal(["caller", "caller", "caller"], seen);
        Assert.Equal("caller", Ambient.Value);
    }

    [Fact]
    public async Task A_context_that_was_told_not_to_flow_does_not()
    {
        Ambient.Value = "caller";
        string? seen = "nothing";
        Task running;
        using (ExecutionContext.SuppressFlow())
        {
            running = Throttle.ForEachAsync(
                [1],
                1,
                (_, _) =>
                {
                    seen = Ambient.Value;
                    return Task.CompletedTask;
                },
                CancellationToken.None);
        }

        await running;
        Assert.Null(seen);
        Assert.Equal("caller", Ambient.Value);
    }

    // Through an async method of the engine that waits, or finds what it waits for ended already.
    private static Task<T> EndWith<T>(Action<TaskCompletionSource<T>> end, bool late)
    {
        var source = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!late)
        {
            end(source);
        }

        var joined = source.Task.JoinAsync(TestContext.Current.CancellationToken);
        Assert.Equal(!late, joined.IsCompleted);
        if (late)
        {
            end(source);
        }

        return joined;
    }
}
