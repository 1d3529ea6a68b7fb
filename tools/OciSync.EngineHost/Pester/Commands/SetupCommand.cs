using System.Management.Automation;
using OciSync.EngineHost.Pester.Model;
using OciSync.EngineHost.Pester.Running;

namespace OciSync.EngineHost.Pester.Commands;

public abstract class SetupCommand : PSCmdlet
{
    [Parameter(Position = 0, Mandatory = true)]
    public ScriptBlock Scriptblock { get; set; } = ScriptBlock.Create(string.Empty);

    private protected abstract SetupKind Kind { get; }

    protected override void EndProcessing() => Discovery.Current(this).AddSetup(Kind, Scriptblock);
}
