using OciSync.Core.Flow;

namespace OciSync.Core.Tests.Flow;

public sealed class OnceTests
{
    [Fact]
    public async Task All_who_ask_share_one_piece_of_work()
    {
        var gate = new TaskCompletionSource<object>();
        var once = new Once<object>(CancellationToken.None);
        var started = 0;
        Task<object> Start(CancellationToken _)
        {
            Interlocked.Increment(ref started);
            return gate.Task;
        }

        var asked = Enumerable.Range(0, 8).Select(_ => once.RunAsync(Start, TestContext.Current.CancellationToken)).ToList();
        Assert.False(once.TryGet(out _));
        gate.SetResult("done");

        Assert.All(await Task.WhenAll(asked), r => Assert.Equal("done", r));
        Assert.Equal("done", await once.RunAsync(Start, TestContext.Current.CancellationToken));
        Assert.Equal(1, started);
        Assert.True(once.TryGet(out var kept));
        Assert.Equal("done", kept);
    }

    [Fact]
    public async Task A_failure_is_forgotten_and_the_next_one_tries_again()
    {
        var once = new Once<int>(CancellationToken.None);

        await Assert.ThrowsAsync<InvalidOperationException>(
            () => once.RunAsync(_ => throw new InvalidOperationException("no"), TestContext.Current.CancellationToken));

        Assert.False(once.TryGet(out _));
        Assert.Equal(2, await once.RunAsync(_ => Task.FromResult(2), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Who_stops_waiting_stops_the_work_for_nobody()
    {
        using var first = new CancellationTokenSource();
        var gate = new TaskCompletionSource<int>();
        var once = new Once<int>(CancellationToken.None);
        var impatient = once.RunAsync(token => gate.Task, first.Token);
        var patient = once.RunAsync(_ => Task.FromResult(-1), TestContext.Current.CancellationToken);

        first.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);
        gate.SetResult(1);

        Assert.Equal(1, await patient);
    }

    [Fact]
    public async Task The_end_of_its_lifetime_ends_the_work()
    {
        using var lifetime = new CancellationTokenSource();
        var once = new Once<int>(lifetime.Token);
        var work = once.RunAsync(
            async token =>
            {
                await Task.Delay(Timeout.Infinite, token);
                return 0;
            },
            TestContext.Current.CancellationToken);

        lifetime.Cancel();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => work);
    }

    [Fact]
    public async Task Only_the_success_that_is_meant_is_forgotten()
    {
        var once = new Once<string>(CancellationToken.None);
        await once.RunAsync(_ => Task.FromResult("old"), TestContext.Current.CancellationToken);

        once.Forget("another");
        Assert.True(once.TryGet(out _));
        once.Forget("old");

        Assert.False(once.TryGet(out _));
        Assert.Equal("new", await once.RunAsync(_ => Task.FromResult("new"), TestContext.Current.CancellationToken));
    }
}
