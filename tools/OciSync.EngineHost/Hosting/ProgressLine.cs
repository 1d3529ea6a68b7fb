using System.Globalization;
using System.Management.Automation;

namespace OciSync.EngineHost.Hosting;

/// <summary>The text of the progress line: parents first, then the latest child, cut to the width of the terminal.</summary>
public sealed class ProgressLine
{
    private readonly SortedDictionary<int, ProgressRecord> _active = [];

    /// <summary>The new line, empty when nothing is left to show; null when it did not change.</summary>
    public string? Update(ProgressRecord record, int width)
    {
        ArgumentNullException.ThrowIfNull(record);
        if (record.RecordType == ProgressRecordType.Completed)
        {
            if (!_active.Remove(record.ActivityId))
            {
                return null;
            }
        }
        else
        {
            _active[record.ActivityId] = record;
        }

        var line = string.Join(" | ", _active.Values.Where(r => r.ParentActivityId < 0).Select(Text)
            .Concat(_active.Values.Where(static r => r.ParentActivityId >= 0).TakeLast(1).Select(Text)));
        return line.Length > width ? line[..Math.Max(width, 0)] : line;
    }

    private static string Text(ProgressRecord record)
    {
        var percent = record.PercentComplete >= 0
            ? record.PercentComplete.ToString(CultureInfo.InvariantCulture) + "% "
            : string.Empty;
        return $"{record.Activity}: {percent}{record.StatusDescription}".TrimEnd();
    }
}
