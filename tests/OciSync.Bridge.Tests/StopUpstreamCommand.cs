using System.Management.Automation;
using System.Reflection;

namespace OciSync.Bridge.Tests;

/// <summary>Ends the commands before it at its first input, by the very exception that Select-Object -First throws.</summary>
[Cmdlet(VerbsLifecycle.Stop, "Upstream")]
public sealed class StopUpstreamCommand : PSCmdlet
{
    private static readonly ConstructorInfo Constructor = typeof(PSCmdlet).Assembly
        .GetType("System.Management.Automation.StopUpstreamCommandsException", throwOnError: true)!
        .GetConstructors()
        .Single();

    [Parameter(ValueFromPipeline = true)]
    public object? InputObject { get; set; }

    protected override void ProcessRecord()
    {
        WriteObject(InputObject);
        throw (Exception)Constructor.Invoke([this]);
    }
}
