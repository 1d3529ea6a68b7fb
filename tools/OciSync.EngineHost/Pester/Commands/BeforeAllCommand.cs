using System.Management.Automation;
using OciSync.EngineHost.Pester.Model;

namespace OciSync.EngineHost.Pester.Commands;

[Cmdlet(VerbsLifecycle.Invoke, "PesterBeforeAll")]
[Alias("BeforeAll")]
public sealed class BeforeAllCommand : SetupCommand
{
    private protected override SetupKind Kind => SetupKind.BeforeAll;
}
