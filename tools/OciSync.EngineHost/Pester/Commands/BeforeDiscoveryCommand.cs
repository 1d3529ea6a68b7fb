using System.Management.Automation;
using OciSync.EngineHost.Pester.Running;

namespace OciSync.EngineHost.Pester.Commands;

[Cmdlet(VerbsLifecycle.Invoke, "PesterBeforeDiscovery")]
[Alias("BeforeDiscovery")]
public sealed class BeforeDiscoveryCommand : PSCmdlet
{
    [Parameter(Position = 0, Mandatory = true)]
    public ScriptBlock ScriptBlock { get; set; } = ScriptBlock.Create(string.Empty);

    protected override void EndProcessing() => Discovery.Current(this).RunNow(ScriptBlock);
}
