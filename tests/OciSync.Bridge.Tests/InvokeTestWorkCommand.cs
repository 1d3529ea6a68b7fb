using System.Management.Automation;
using OciSync.PowerShell.Pipeline;

namespace OciSync.Bridge.Tests;

/// <summary>Runs whatever work a test hands it, once for each input.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "TestWork", SupportsShouldProcess = true)]
public sealed class InvokeTestWorkCommand : AsyncCmdlet
{
    internal const string MappedErrorId = "TestWorkFailed";

    [Parameter(Mandatory = true, Position = 0)]
    public Func<PipelineWriter, CancellationToken, Task> Work { get; set; } = null!;

    [Parameter(ValueFromPipeline = true)]
    public object? InputObject { get; set; }

    [Parameter]
    public SwitchParameter MapErrors { get; set; }

    protected override void ProcessRecord() => Run(Work);

    protected override ErrorRecord? ToErrorRecord(Exception exception) =>
        MapErrors ? new ErrorRecord(exception, MappedErrorId, ErrorCategory.InvalidData, InputObject) : null;
}
