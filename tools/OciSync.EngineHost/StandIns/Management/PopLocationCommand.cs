using System.Management.Automation;

namespace OciSync.EngineHost.StandIns.Management;

[Cmdlet(VerbsCommon.Pop, "Location")]
public sealed class PopLocationCommand : PSCmdlet
{
    protected override void ProcessRecord() => SessionState.Path.PopLocation(stackName: null);
}
