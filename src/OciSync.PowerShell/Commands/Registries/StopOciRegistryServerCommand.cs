using System.Management.Automation;
using OciSync.Core.Serving;
using OciSync.PowerShell.Parameters;
using OciSync.PowerShell.Pipeline;
using OciSync.PowerShell.State;

namespace OciSync.PowerShell.Commands.Registries;

/// <summary>Stops servers of this session: no further request is taken, and answers that are being sent may end.</summary>
[Cmdlet(VerbsLifecycle.Stop, "OciRegistryServer", DefaultParameterSetName = ByPort, HelpUri = HelpPages.Folder + "Stop-OciRegistryServer.md")]
[OutputType(typeof(void))]
public sealed class StopOciRegistryServerCommand : AsyncCmdlet
{
    private const string ByPort = "Port";
    private const string ByServer = "Server";

    private readonly List<OciRegistryServer> _servers = [];

    /// <summary>Those on these ports; without any, all.</summary>
    [Parameter(Position = 0, ParameterSetName = ByPort)]
    [ValidateRange(1, 65535)]
    public int[] Port { get; set; } = [];

    /// <summary>Servers, as Start- and Get-OciRegistryServer give them.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ByServer)]
    public OciRegistryServer[] Server { get; set; } = [];

    /// <summary>Seconds that answers which are being sent may take to end; then they are cut.</summary>
    [Parameter]
    [ValidateRange(0, 3600)]
    public int TimeoutSec { get; set; } = 5;

    /// <inheritdoc/>
    protected override void ProcessRecord() => _servers.AddRange(Server);

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        var chosen = ParameterSetName == ByServer
            ? _servers
            : RunspaceState.Current.Servers.All.Where(s => Port.Length == 0 || Port.Contains(s.Port));
        var patience = TimeSpan.FromSeconds(TimeoutSec);
        Run((_, _) => Task.WhenAll(chosen.Select(s => s.StopAsync(patience))));
    }
}
