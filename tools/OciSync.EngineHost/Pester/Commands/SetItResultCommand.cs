using System.Management.Automation;

namespace OciSync.EngineHost.Pester.Commands;

/// <summary>Only -Skipped; other results are not offered.</summary>
[Cmdlet(VerbsCommon.Set, "ItResult")]
public sealed class SetItResultCommand : PSCmdlet
{
    [Parameter(Mandatory = true)]
    public SwitchParameter Skipped { get; set; }

    [Parameter]
    public string? Because { get; set; }

    protected override void EndProcessing() =>
        throw Failure.Throw("PesterTestSkipped", string.IsNullOrEmpty(Because) ? "is skipped" : $"is skipped, because {Because}");
}
