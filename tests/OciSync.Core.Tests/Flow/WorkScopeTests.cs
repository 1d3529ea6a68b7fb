using OciSync.Core.Errors;
using OciSync.Core.Flow;

namespace OciSync.Core.Tests.Flow;

public sealed class WorkScopeTests
{
    private static readonly EngineOptions Options = new() { MaximumRetryCount = 3, RetryInterval = TimeSpan.Zero };

    [Fact]
    public async Task Each_further_attempt_is_counted_and_the_first_is_not()
    {
        var retries = new RetryCounter();
        var attempts = 0;

        var result = await new RetryPolicy(Options, _ => { }).RunAsync(
            _ => ++attempts < 3 ? throw new OciException(OciErrorKind.Timeout, "Slow.") { IsTransient = true } : Task.FromResult(attempts),
            new WorkScope(retries, TestContext.Current.CancellationToken));

        Assert.Equal(3, result);
        Assert.Equal(2, retries.Count);
    }

    [Fact]
    public void A_part_that_something_else_stops_counts_where_the_whole_does()
    {
        using var whole = new CancellationTokenSource();
        using var part = new CancellationTokenSource();
        var retries = new RetryCounter();
        var work = new WorkScope(retries, whole.Token);

        work.With(part.Token).CountRetry();
        work.CountRetry();
        part.Cancel();

        Assert.Equal(2, retries.Count);
        Assert.True(work.With(part.Token).Token.IsCancellationRequested);
        Assert.False(work.Token.IsCancellationRequested);
    }

    [Fact]
    public void Work_of_no_row_is_counted_by_nobody()
    {
        using var source = new CancellationTokenSource();
        var work = WorkScope.Uncounted(source.Token);

        work.CountRetry();

        Assert.Null(work.Counter);
        Assert.Equal(source.Token, work.Token);
    }
}
