using System.Management.Automation;
using OciSync.EngineHost.Pester.Model;

namespace OciSync.EngineHost.Pester.Commands;

[Cmdlet(VerbsLifecycle.Invoke, "PesterBeforeEach")]
[Alias("BeforeEach")]
public sealed class BeforeEachCommand : SetupCommand
{
    private protected override SetupKind Kind => SetupKind.BeforeEach;
}
