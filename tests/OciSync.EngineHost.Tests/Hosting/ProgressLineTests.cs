using System.Management.Automation;
using OciSync.EngineHost.Hosting;

namespace OciSync.EngineHost.Tests.Hosting;

public sealed class ProgressLineTests
{
    private readonly ProgressLine _line = new();

    [Fact]
    public void Parent_and_latest_child_stand_on_one_line()
    {
        Assert.Equal("Images: 50% 1 of 2", _line.Update(new ProgressRecord(1, "Images", "1 of 2") { PercentComplete = 50 }, 100));
        _line.Update(new ProgressRecord(2, "Layer", "a") { ParentActivityId = 1 }, 100);
        Assert.Equal(
            "Images: 50% 1 of 2 | Layer: b",
            _line.Update(new ProgressRecord(3, "Layer", "b") { ParentActivityId = 1 }, 100));
    }

    [Fact]
    public void It_is_cut_to_the_width_and_goes_when_completed()
    {
        Assert.Equal("Imag", _line.Update(new ProgressRecord(1, "Images", "x"), 4));
        var completed = new ProgressRecord(1, "Images", "x") { RecordType = ProgressRecordType.Completed };
        Assert.Equal(string.Empty, _line.Update(completed, 4));
        Assert.Null(_line.Update(completed, 4));
    }
}
