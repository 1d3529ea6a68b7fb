using Microsoft.Extensions.Time.Testing;
using OciSync.Core.Flow;
using OciSync.Core.Polyfills;

namespace OciSync.Core.Tests.Polyfills;

/// <summary>Patience is a matter of the clock that comes from outside, and of nothing else.</summary>
public sealed class ClockTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_place_is_waited_for_until_the_patience_is_over()
    {
        using var places = new SemaphoreSlim(1);
        Assert.True(await places.EnterAsync(Patience, _time, Token));
        var late = places.EnterAsync(Patience, _time, Token);
        _time.Advance(Patience - TimeSpan.FromTicks(1));
        Assert.False(late.IsCompleted);
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.False(await late);
        var prompt = places.EnterAsync(Patience, _time, Token);
        places.Release();
        Assert.True(await prompt);
        Assert.Equal(0, places.CurrentCount);
    }

    [Fact]
    public async Task Who_is_cancelled_has_not_lost_patience()
    {
        using var places = new SemaphoreSlim(0);
        using var stop = new CancellationTokenSource();
        var waiting = places.EnterAsync(Patience, _time, stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public async Task A_transfer_goes_on_without_an_optional_permit_that_does_not_come()
    {
        using var needed = new TransferGate("a", 1);
        using var optional = new TransferGate("b", 1);
        Assert.True(optional.TryEnter());
        var entering = TransferGate.EnterAsync([needed, optional], g => g == needed, Patience, _time, Token);
        Assert.False(entering.IsCompleted);
        _time.Advance(Patience);
        using var permits = await entering;
        Assert.Equal((true, false), (permits.Has(needed), permits.Has(optional)));
    }

    [Fact]
    public async Task A_task_is_waited_for_until_its_end_or_that_of_the_patience()
    {
        var work = new TaskCompletionSource();
        var waiting = work.Task.EndOrAsync(Patience, _time, Token);
        Assert.False(waiting.IsCompleted);
        _time.Advance(Patience);
        await waiting;
        var again = work.Task.EndOrAsync(Patience, _time, Token);
        work.SetResult();
        await again;
    }
}
