using System.Management.Automation;
using OciSync.EngineHost.Pester.Model;

namespace OciSync.EngineHost.Pester.Commands;

[Cmdlet(VerbsLifecycle.Invoke, "PesterAfterAll")]
[Alias("AfterAll")]
public sealed class AfterAllCommand : SetupCommand
{
    private protected override SetupKind Kind => SetupKind.AfterAll;
}
