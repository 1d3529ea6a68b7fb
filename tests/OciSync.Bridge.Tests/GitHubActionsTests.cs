using System.Management.Automation;
using OciSync.Core.Flow;
using OciSync.Core.Rows;
using OciSync.PowerShell.Output;

namespace OciSync.Bridge.Tests;

public sealed class GitHubActionsTests
{
    [Fact]
    public void An_annotation_is_one_line_whatever_the_message()
    {
        var failure = new ErrorRecord(new IOException("100%\r\n::error::fake"), "OciUnexpected,x", ErrorCategory.NotSpecified, "reg.test/a:1");

        Assert.Equal("::error title=OciUnexpected::reg.test/a:1: 100%25%0D%0A::error::fake", GitHubActions.Annotation(failure));
    }

    [Fact]
    public void A_summary_shows_failures_first_and_counts_what_is_up_to_date()
    {
        var failed = OciSyncResult.Failed("a|b", "reg.test/x", new FormatException("first\nsecond <line>"), new EngineOptions());

        var text = GitHubActions.Summary("Sync images", [failed]);

        Assert.StartsWith("### Sync images\n\n1 Failed\n", text);
        Assert.Contains("| Failed | a\\|b | reg.test/x | 0.0 MB | 0.0 s | ", text);
        Assert.Contains("first second &lt;line> |\n", text);
    }

    [Fact]
    public void A_row_as_json_has_the_names_of_its_properties()
    {
        var line = ResultJson.ToLine(OciSyncResult.Failed("reg.test/é:1", "reg.test/x", new FormatException("bad\n\"name\""), new EngineOptions()));

        Assert.DoesNotContain('\n', line);
        Assert.Contains("\"Source\":\"reg.test/é:1\"", line);
        Assert.Contains("\"ErrorId\":\"OciReferenceInvalid\"", line);
        Assert.Contains("\"Error\":\"bad\\n\\\"name\\\"\"", line);
    }
}
