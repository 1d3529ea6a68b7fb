using System.Management.Automation;

namespace OciSync.EngineHost.Pester.Commands;

[Cmdlet(VerbsCommon.New, "PesterConfiguration")]
public sealed class NewPesterConfigurationCommand : PSCmdlet
{
    protected override void EndProcessing() => WriteObject(new PesterConfiguration());
}
