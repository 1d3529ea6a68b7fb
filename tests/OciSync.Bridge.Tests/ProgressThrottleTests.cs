using System.Management.Automation;
using OciSync.PowerShell.Pipeline;

namespace OciSync.Bridge.Tests;

public sealed class ProgressThrottleTests
{
    private readonly ProgressThrottle _throttle;
    private long _now = 1000;

    public ProgressThrottleTests() => _throttle = new ProgressThrottle(200, () => _now);

    [Fact]
    public void The_first_record_passes_at_once()
    {
        Assert.Null(_throttle.WaitMilliseconds);
        _throttle.Post(Record(1, "a"));
        Assert.Equal(0, _throttle.WaitMilliseconds);
        Assert.Equal("a", _throttle.Take()?.StatusDescription);
        Assert.Null(_throttle.Take());
    }

    [Fact]
    public void Later_records_wait_and_only_the_newest_is_kept()
    {
        Show(1, "a");
        _throttle.Post(Record(1, "b"));
        _throttle.Post(Record(1, "c"));
        _now += 150;
        Assert.Null(_throttle.Take());
        Assert.Equal(50, _throttle.WaitMilliseconds);
        _now += 50;
        Assert.Equal("c", _throttle.Take()?.StatusDescription);
        Assert.Null(_throttle.WaitMilliseconds);
    }

    [Fact]
    public void Activities_take_turns_within_one_limit()
    {
        Show(1, "a");
        _throttle.Post(Record(2, "b"));
        _throttle.Post(Record(1, "c"));
        _throttle.Post(Record(2, "d"));
        _now += 200;
        Assert.Equal("d", _throttle.Take()?.StatusDescription);
        Assert.Null(_throttle.Take());
        _now += 200;
        Assert.Equal("c", _throttle.Take()?.StatusDescription);
    }

    [Fact]
    public void The_completion_of_a_shown_activity_passes_at_once()
    {
        Show(1, "a");
        _throttle.Post(Record(1, "b"));
        _throttle.Post(Record(1, "end", ProgressRecordType.Completed));
        Assert.Equal(0, _throttle.WaitMilliseconds);
        Assert.Equal("end", _throttle.Take()?.StatusDescription);
        _now += 1000;
        Assert.Null(_throttle.Take());
        Assert.Empty(_throttle.Finish());
    }

    [Fact]
    public void What_ends_before_it_was_shown_is_never_shown()
    {
        Show(1, "a");
        _throttle.Post(Record(2, "b"));
        _throttle.Post(Record(2, "end", ProgressRecordType.Completed));
        _now += 1000;
        Assert.Null(_throttle.Take());
    }

    [Fact]
    public void Finish_completes_what_is_shown_children_first()
    {
        Show(1, "parent");
        _now += 200;
        Show(2, "child");
        _throttle.Post(Record(3, "never shown"));
        var completions = _throttle.Finish();
        Assert.Equal([2, 1], completions.Select(record => record.ActivityId));
        Assert.All(completions, record => Assert.Equal(ProgressRecordType.Completed, record.RecordType));
        Assert.Empty(_throttle.Finish());
    }

    private static ProgressRecord Record(int id, string status, ProgressRecordType type = ProgressRecordType.Processing) =>
        new(id, "Activity", status) { RecordType = type };

    private void Show(int id, string status)
    {
        _throttle.Post(Record(id, status));
        Assert.NotNull(_throttle.Take());
    }
}
