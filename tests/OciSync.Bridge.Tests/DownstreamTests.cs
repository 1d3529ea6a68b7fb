using System.Management.Automation;
using OciSync.PowerShell.Pipeline;

namespace OciSync.Bridge.Tests;

/// <summary>Exceptions out of a Write call: the work must be cancelled and over when the pipeline goes on.</summary>
public sealed class DownstreamTests
{
    private bool _cancelled;
    private bool _over;

    [Fact]
    public void Select_First_ends_the_work()
    {
        using var engine = new Engine(EndlessAsync);
        Assert.Equal([0, "after"], engine.Output("Invoke-TestWork $work | Stop-Upstream; 'after'"));
        AssertEnded();
    }

    [Fact]
    public void A_break_downstream_ends_the_work()
    {
        using var engine = new Engine(EndlessAsync);
        Assert.Equal([0, "after"], engine.Output("foreach ($once in 1) { Invoke-TestWork $work | ForEach-Object { $_; break } }; 'after'"));
        AssertEnded();
    }

    [Fact]
    public void A_throw_downstream_ends_the_work_and_arrives_unchanged()
    {
        using var engine = new Engine(EndlessAsync);
        Assert.Equal(["boom"], engine.Output("try { Invoke-TestWork $work | ForEach-Object { throw 'boom' } } catch { $_.Exception.Message }"));
        AssertEnded();
    }

    [Fact]
    public void An_error_under_ErrorAction_Stop_ends_the_work()
    {
        using var engine = new Engine(async (writer, token) =>
        {
            await writer.WriteErrorAsync(new ErrorRecord(new IOException("bad"), "TestId", ErrorCategory.ReadError, "target"));
            await EndlessAsync(writer, token);
        });
        var output = engine.Output("try { Invoke-TestWork $work -ErrorAction Stop } catch { $_.FullyQualifiedErrorId; $_.TargetObject }");
        Assert.Equal(["TestId,OciSync.Bridge.Tests.InvokeTestWorkCommand", "target"], output[^2..]);
        AssertEnded();
    }

    [Fact]
    public void An_error_otherwise_lets_the_work_go_on()
    {
        using var engine = new Engine(async (writer, _) =>
        {
            await writer.WriteErrorAsync(new ErrorRecord(new IOException("bad"), "TestId", ErrorCategory.ReadError, "target"));
            await writer.WriteObjectAsync("more");
        });
        Assert.Equal(["more", 1], engine.Output("Invoke-TestWork $work -ErrorAction SilentlyContinue -ErrorVariable e; $e.Count"));
    }

    [Fact]
    public void A_warning_under_WarningAction_Stop_ends_the_work()
    {
        using var engine = new Engine((writer, token) =>
        {
            writer.WriteWarning("careful");
            return EndlessAsync(writer, token);
        });
        engine.Output("try { Invoke-TestWork $work -WarningAction Stop } catch { }");
        AssertEnded();
    }

    private async Task EndlessAsync(PipelineWriter writer, CancellationToken token)
    {
        try
        {
            for (var i = 0; ; i++)
            {
                await writer.WriteObjectAsync(i);
                await Task.Delay(1, token);
            }
        }
        finally
        {
            await Task.Delay(50, CancellationToken.None);
            _cancelled = token.IsCancellationRequested;
            _over = true;
        }
    }

    private void AssertEnded()
    {
        Assert.True(_over);
        Assert.True(_cancelled);
    }
}
