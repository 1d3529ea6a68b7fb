using System.Management.Automation;
using OciSync.Core.Serving;
using OciSync.PowerShell.Parameters;
using OciSync.PowerShell.State;

namespace OciSync.PowerShell.Commands.Registries;

/// <summary>The servers that run in this session.</summary>
[Cmdlet(VerbsCommon.Get, "OciRegistryServer", HelpUri = HelpPages.Folder + "Get-OciRegistryServer.md")]
[OutputType(typeof(OciRegistryServer))]
public sealed class GetOciRegistryServerCommand : PSCmdlet
{
    /// <summary>Only those on these ports.</summary>
    [Parameter(Position = 0)]
    [ValidateRange(1, 65535)]
    public int[] Port { get; set; } = [];

    /// <inheritdoc/>
    protected override void EndProcessing() =>
        WriteObject(RunspaceState.Current.Servers.All.Where(s => Port.Length == 0 || Port.Contains(s.Port)).ToList(), enumerateCollection: true);
}
