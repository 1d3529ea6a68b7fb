using System.Management.Automation;

namespace OciSync.PowerShell.Pipeline;

/// <summary>
/// Keeps the newest record of every activity and hands out one record each interval, the activity that has waited longest
/// first. The completion of a shown activity passes at once; an activity that ends before it was shown is never shown.
/// Not thread-safe: its owner locks.
/// </summary>
/// <param name="intervalMilliseconds">Least time between two records.</param>
/// <param name="clock">Milliseconds that only go forward.</param>
internal sealed class ProgressThrottle(int intervalMilliseconds, Func<long> clock)
{
    private readonly List<ProgressRecord> _waiting = [];
    private readonly List<ProgressRecord> _shown = [];
    private readonly Queue<ProgressRecord> _completed = new();
    private long? _last;

    /// <summary>Takes a record over; the caller changes it no more.</summary>
    internal void Post(ProgressRecord record)
    {
        var place = IndexOf(_waiting, record);
        if (record.RecordType == ProgressRecordType.Completed)
        {
            RemoveAt(_waiting, place);
            if (RemoveAt(_shown, IndexOf(_shown, record)))
            {
                _completed.Enqueue(record);
            }
        }
        else if (place >= 0)
        {
            _waiting[place] = record;
        }
        else
        {
            _waiting.Add(record);
        }
    }

    /// <summary>The record to write now, if there is one.</summary>
    internal ProgressRecord? Take()
    {
        if (_completed.Count > 0)
        {
            return _completed.Dequeue();
        }

        if (WaitMilliseconds != 0)
        {
            return null;
        }

        var record = _waiting[0];
        _waiting.RemoveAt(0);
        RemoveAt(_shown, IndexOf(_shown, record));
        _shown.Add(record);
        _last = clock();
        return record;
    }

    /// <summary>How long until <see cref="Take"/> gives a record; null when none waits.</summary>
    internal int? WaitMilliseconds
    {
        get
        {
            if (_completed.Count > 0)
            {
                return 0;
            }

            if (_waiting.Count == 0)
            {
                return null;
            }

            return _last is { } last ? (int)Math.Max(0, last + intervalMilliseconds - clock()) : 0;
        }
    }

    /// <summary>Forgets what waits and gives a completion for each activity that is still shown, the last shown first.</summary>
    internal IReadOnlyList<ProgressRecord> Finish()
    {
        List<ProgressRecord> completions = [.. _completed];
        for (var i = _shown.Count - 1; i >= 0; i--)
        {
            var shown = _shown[i];
            completions.Add(new ProgressRecord(shown.ActivityId, shown.Activity, shown.StatusDescription)
            {
                ParentActivityId = shown.ParentActivityId,
                RecordType = ProgressRecordType.Completed,
            });
        }

        _completed.Clear();
        _waiting.Clear();
        _shown.Clear();
        return completions;
    }

    private static int IndexOf(List<ProgressRecord> records, ProgressRecord record) =>
        records.FindIndex(other => other.ActivityId == record.ActivityId);

    private static bool RemoveAt(List<ProgressRecord> records, int index)
    {
        if (index >= 0)
        {
            records.RemoveAt(index);
        }

        return index >= 0;
    }
}
