using System.Runtime.ExceptionServices;
using OciSync.Core.Errors;
using Polly;
using Polly.Retry;

namespace OciSync.Core.Flow;

/// <summary>
/// Repeats what failed transiently: exponential waits with jitter, at most 30 s, or what <c>Retry-After</c> asks for. A server that asks
/// for more than the longest wait is not asked again. What still fails afterwards has failed for good: attempts inside attempts don't multiply.
/// </summary>
internal sealed class RetryPolicy
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    private readonly Lazy<ResiliencePipeline> _pipeline;
    private readonly Func<OciException, CancellationToken, Task>? _onGivenUp;
    private readonly AsyncLocal<int> _attempt = new();

    /// <param name="options">How often and how long.</param>
    /// <param name="tell">Is told of every wait.</param>
    /// <param name="onGivenUp">Looks at what failed for good, before the caller does.</param>
    internal RetryPolicy(EngineOptions options, Action<string> tell, Func<OciException, CancellationToken, Task>? onGivenUp = null)
    {
        _onGivenUp = onGivenUp;
        _pipeline = new Lazy<ResiliencePipeline>(() => Build(options, tell));
    }

    /// <summary>Which attempt runs in this flow of work, from 1 on.</summary>
    internal int Attempt => Math.Max(1, _attempt.Value);

    /// <summary>Runs <paramref name="action"/> until it succeeds, fails for good, or was tried often enough.</summary>
    internal async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> action, WorkScope work)
    {
        OciException failure;
        try
        {
            work.Token.ThrowIfCancellationRequested();
            return await action(work.Token).ConfigureAwait(false);
        }
        catch (OciException e)
        {
            failure = e;
        }

        return await RunFurtherAsync(failure, action, work).ConfigureAwait(false);
    }

    /// <summary>Goes on after a first attempt that has failed, as <see cref="RunAsync{T}"/> does. What succeeds at once needs nothing of the pipeline.</summary>
    internal async Task<T> RunFurtherAsync<T>(OciException first, Func<CancellationToken, Task<T>> action, WorkScope work)
    {
        var attempts = 0;
        try
        {
            return await _pipeline.Value.ExecuteAsync(
                async token =>
                {
                    if (attempts++ == 0)
                    {
                        ExceptionDispatchInfo.Capture(first).Throw();
                    }

                    work.CountRetry();
                    _attempt.Value = attempts;
                    return await action(token).ConfigureAwait(false);
                },
                work.Token).ConfigureAwait(false);
        }
        catch (OciException e)
        {
            if (_onGivenUp is not null)
            {
                await _onGivenUp(e, work.Token).ConfigureAwait(false);
            }

            if (!e.IsTransient)
            {
                throw;
            }

            throw e.With(isTransient: false);
        }
    }

    private static ResiliencePipeline Build(EngineOptions options, Action<string> tell)
    {
        var builder = new ResiliencePipelineBuilder { TimeProvider = options.Time };
        if (options.MaximumRetryCount > 0)
        {
            builder.AddRetry(Describe(options, tell));
        }

        return builder.Build();
    }

    private static RetryStrategyOptions Describe(EngineOptions options, Action<string> tell) => new()
    {
        MaxRetryAttempts = options.MaximumRetryCount,
        ShouldHandle = arguments => new ValueTask<bool>(
            arguments.Outcome.Exception is OciException { IsTransient: true } e && !(e.RetryAfter > options.LongestRetryAfter)),
        DelayGenerator = arguments => new ValueTask<TimeSpan?>(
            (arguments.Outcome.Exception as OciException)?.RetryAfter ?? Backoff(options, arguments.AttemptNumber)),
        OnRetry = arguments =>
        {
            tell($"Trying again in {arguments.RetryDelay.TotalSeconds:0.#} s: {arguments.Outcome.Exception?.Message}");
            return default;
        },
    };

    private static TimeSpan Backoff(EngineOptions options, int attempt)
    {
        var seconds = Math.Min(LongestWait.TotalSeconds, options.RetryInterval.TotalSeconds * Math.Pow(2, Math.Min(attempt, 16)));
        return TimeSpan.FromSeconds(seconds * (0.75 + (0.5 * options.Jitter())));
    }
}
