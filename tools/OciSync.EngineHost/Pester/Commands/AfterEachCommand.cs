using System.Management.Automation;
using OciSync.EngineHost.Pester.Model;

namespace OciSync.EngineHost.Pester.Commands;

[Cmdlet(VerbsLifecycle.Invoke, "PesterAfterEach")]
[Alias("AfterEach")]
public sealed class AfterEachCommand : SetupCommand
{
    private protected override SetupKind Kind => SetupKind.AfterEach;
}
