using System.Management.Automation;
using OciSync.Core;
using OciSync.Core.Errors;
using OciSync.PowerShell.Completion;
using OciSync.PowerShell.Errors;
using OciSync.PowerShell.State;

namespace OciSync.PowerShell.Commands;

/// <summary>Forgets the login and settings of registries in this session.</summary>
[Cmdlet(VerbsCommunications.Disconnect, "OciRegistry")]
public sealed class DisconnectOciRegistryCommand : PSCmdlet
{
    /// <summary>The registries.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(RegistryCompleter))]
    public string[] Registry { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var registry in Registry)
        {
            try
            {
                if (!RunspaceState.Current.Sessions.Remove(OciEngine.ResolveHost(registry)))
                {
                    WriteVerbose($"'{registry}' was not connected.");
                }
            }
            catch (OciException e)
            {
                WriteError(ErrorRecords.Create(e, registry));
            }
        }
    }
}
