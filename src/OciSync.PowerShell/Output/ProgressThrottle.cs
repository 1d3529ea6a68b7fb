using System.Diagnostics;
using System.Management.Automation;

namespace OciSync.PowerShell.Output;

/// <summary>At most five records a second for each activity; the first and the last always pass.</summary>
internal sealed class ProgressThrottle(Func<TimeSpan> clock)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly Dictionary<int, TimeSpan> _last = [];

    internal static Func<TimeSpan> SystemClock => () => TimeSpan.FromSeconds(Stopwatch.GetTimestamp() / (double)Stopwatch.Frequency);

    internal bool Allows(ProgressRecord record)
    {
        lock (_last)
        {
            var now = clock();
            if (record.RecordType == ProgressRecordType.Completed)
            {
                return _last.Remove(record.ActivityId);
            }

            if (_last.TryGetValue(record.ActivityId, out var last) && now - last < Interval)
            {
                return false;
            }

            _last[record.ActivityId] = now;
            return true;
        }
    }
}
