using System.Management.Automation;
using OciSync.EngineHost.Pester.Model;
using OciSync.EngineHost.Pester.Running;

namespace OciSync.EngineHost.Pester.Commands;

[Cmdlet(VerbsLifecycle.Invoke, "PesterIt")]
[Alias("It")]
public sealed class ItCommand : BlockCommand
{
    [Parameter(Position = 1, Mandatory = true)]
    public ScriptBlock Test { get; set; } = ScriptBlock.Create(string.Empty);

    private protected override void Add(Discovery discovery, NodeOptions options) => discovery.AddTest(Name, Test, options);
}
