using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using System.Runtime.ExceptionServices;

namespace OciSync.PowerShell.Pipeline;

/// <summary>What the work has posted and the pipeline thread has not yet written, with the work's end.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A SemaphoreSlim whose wait handle was never asked for holds nothing to dispose.")]
internal sealed class PipelineQueue(ProgressThrottle progress, int capacity)
{
    private readonly object _gate = new();
    private readonly Queue<PipelineItem> _items = new();
    private readonly SemaphoreSlim _room = new(capacity);
    private bool _closed;
    private bool _ended;

    /// <summary>How the work failed; to be read after its end.</summary>
    internal ExceptionDispatchInfo? Failure { get; private set; }

    /// <summary>Waits, without holding a thread, until there is room for one more object.</summary>
    internal Task ReserveAsync(CancellationToken token) => _room.WaitAsync(token);

    /// <summary>Puts the item in line; false, and the item abandoned, after <see cref="Close"/>.</summary>
    internal bool Post(PipelineItem item)
    {
        lock (_gate)
        {
            if (!_closed)
            {
                _items.Enqueue(item);
                Monitor.PulseAll(_gate);
                return true;
            }
        }

        item.Abandon();
        return false;
    }

    internal void Post(ProgressRecord record)
    {
        lock (_gate)
        {
            if (!_closed)
            {
                progress.Post(record);
                Monitor.PulseAll(_gate);
            }
        }
    }

    /// <summary>Holds the pipeline thread until there is something to do; null when the work has ended and all is written, or after <see cref="Close"/>.</summary>
    internal PipelineItem? Take()
    {
        lock (_gate)
        {
            while (!_closed)
            {
                if (progress.Take() is { } record)
                {
                    return PipelineItem.Write(cmdlet => cmdlet.WriteProgress(record));
                }

                if (_items.Count > 0)
                {
                    return _items.Dequeue();
                }

                if (_ended)
                {
                    return null;
                }

                Monitor.Wait(_gate, progress.WaitMilliseconds ?? Timeout.Infinite);
            }

            return null;
        }
    }

    /// <summary>After an item has run: makes its room free again.</summary>
    internal void Done(PipelineItem item)
    {
        if (item.TakesRoom)
        {
            _room.Release();
        }
    }

    /// <summary>The work is over; what it posted before is still to be written.</summary>
    internal void End(ExceptionDispatchInfo? failure)
    {
        lock (_gate)
        {
            Failure = failure;
            _ended = true;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Nothing more is written: whoever waits for an answer gets a cancellation.</summary>
    internal void Close()
    {
        PipelineItem[] abandoned;
        lock (_gate)
        {
            _closed = true;
            abandoned = [.. _items];
            _items.Clear();
            Monitor.PulseAll(_gate);
        }

        foreach (var item in abandoned)
        {
            item.Abandon();
        }
    }

    /// <summary>Holds the pipeline thread until the work's end, but no longer than the limit.</summary>
    internal bool WaitForEnd(int limitMilliseconds)
    {
        var waited = Stopwatch.StartNew();
        lock (_gate)
        {
            while (!_ended && waited.ElapsedMilliseconds < limitMilliseconds)
            {
                Monitor.Wait(_gate, (int)Math.Max(1, limitMilliseconds - waited.ElapsedMilliseconds));
            }

            return _ended;
        }
    }

    /// <summary>The completions of all progress still shown.</summary>
    internal IReadOnlyList<ProgressRecord> FinishProgress()
    {
        lock (_gate)
        {
            return progress.Finish();
        }
    }
}
