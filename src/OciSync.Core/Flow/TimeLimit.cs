using OciSync.Core.Errors;

namespace OciSync.Core.Flow;

/// <summary>An end that is set to work: when its time is over, its token is cancelled, and what was cancelled by it is a failure that says so.</summary>
internal sealed class TimeLimit : IDisposable
{
    private readonly CancellationTokenSource? _source;
    private readonly ITimer? _timer;
    private readonly string _text;
    private volatile bool _isOver;

    /// <param name="limit">The time, or null for none.</param>
    /// <param name="what">The work, and the parameter that sets its end.</param>
    /// <param name="time">Where time comes from.</param>
    /// <param name="cancellationToken">The token follows it.</param>
    internal TimeLimit(TimeSpan? limit, string what, TimeProvider time, CancellationToken cancellationToken)
    {
        Token = cancellationToken;
        _text = string.Empty;
        if (limit is { } set)
        {
            _source = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            Token = _source.Token;
            _text = $"{what} was not done within {set.TotalSeconds:0.#} s";
            _timer = time.CreateTimer(static state => ((TimeLimit)state!).End(), this, set, Timeout.InfiniteTimeSpan);
        }
    }

    internal CancellationToken Token { get; }

    /// <summary>A cancellation by this limit as the failure that it is; anything else as it was.</summary>
    internal Exception? AsFailure(Exception? failure) =>
        failure is OperationCanceledException && _isOver ? new OciException(OciErrorKind.Timeout, _text + ".", failure) : failure;

    public void Dispose()
    {
        _timer?.Dispose();
        _source?.Dispose();
    }

    private void End()
    {
        _isOver = true;
        try
        {
            _source?.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The work ended while the timer fired.
        }
    }
}
