using OciSync.Core.Errors;
using OciSync.Core.Images;
using OciSync.Core.Polyfills;

namespace OciSync.Core.Registry;

/// <summary>One part of a blob on its way into memory, from where it is read as it comes.</summary>
internal sealed class BlobPart
{
    private readonly object _lock = new();
    private readonly byte[] _bytes;
    private readonly int _count;
    private readonly Task _filling;
    private TaskCompletionSource<bool> _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _filled;
    private int _taken;

    /// <param name="bytes">Room for it.</param>
    /// <param name="count">How many bytes it has.</param>
    /// <param name="open">Asks for it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    internal BlobPart(byte[] bytes, int count, Func<CancellationToken, Task<IBlobContent>> open, CancellationToken cancellationToken)
    {
        (_bytes, _count) = (bytes, count);
        _filling = FillAsync(open, cancellationToken);
        _filling.Observe();
    }

    internal byte[] Bytes => _bytes;

    /// <summary>Nothing writes to its room any more.</summary>
    internal bool IsIdle => _filling.IsCompleted;

    internal bool IsTaken => _taken == _count;

    /// <summary>Whether some of it is there.</summary>
    internal bool HasBytes => Volatile.Read(ref _filled) > _taken;

    /// <summary>Its first bytes have come. <exception cref="OciException">It is not to be had.</exception></summary>
    internal async Task WaitAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task more;
            lock (_lock)
            {
                if (_filled > _taken)
                {
                    return;
                }

                more = _more.Task;
            }

            await Task.WhenAny(more, _filling).JoinAsync(cancellationToken).ConfigureAwait(false);
            if (_filling.IsCompleted && !HasBytes)
            {
                await _filling.ConfigureAwait(false);
            }
        }
    }

    /// <summary>Takes the next bytes, at most <paramref name="count"/>, once there are some.</summary>
    internal async Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        await WaitAsync(cancellationToken).ConfigureAwait(false);
        var taken = Math.Min(count, Volatile.Read(ref _filled) - _taken);
        Buffer.BlockCopy(_bytes, _taken, buffer, offset, taken);
        _taken += taken;
        return taken;
    }

    /// <summary>Waits until nothing is written to its room any more.</summary>
    internal Task EndAsync() => Task.WhenAny(_filling);

    private async Task FillAsync(Func<CancellationToken, Task<IBlobContent>> open, CancellationToken cancellationToken)
    {
        await Task.Yield();
        using var answer = await open(cancellationToken).ConfigureAwait(false);
        for (var filled = 0; filled < _count;)
        {
            var read = await answer.ReadAsync(_bytes, filled, _count - filled, cancellationToken).ConfigureAwait(false);
            if (read == 0)
            {
                throw new OciException(OciErrorKind.ConnectionFailed, "A part of a blob ended early.") { IsTransient = true };
            }

            filled += read;
            TaskCompletionSource<bool> told;
            lock (_lock)
            {
                (told, _more) = (_more, new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously));
                _filled = filled;
            }

            told.TrySetResult(true);
        }
    }
}
