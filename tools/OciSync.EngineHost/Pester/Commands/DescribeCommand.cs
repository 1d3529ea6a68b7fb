using System.Management.Automation;
using OciSync.EngineHost.Pester.Model;
using OciSync.EngineHost.Pester.Running;

namespace OciSync.EngineHost.Pester.Commands;

[Cmdlet(VerbsLifecycle.Invoke, "PesterDescribe")]
[Alias("Describe")]
public sealed class DescribeCommand : BlockCommand
{
    [Parameter(Position = 1, Mandatory = true)]
    public ScriptBlock Fixture { get; set; } = ScriptBlock.Create(string.Empty);

    private protected override void Add(Discovery discovery, NodeOptions options) => discovery.AddBlock(Name, Fixture, options);
}
