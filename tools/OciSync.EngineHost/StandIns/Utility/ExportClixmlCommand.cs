using System.Management.Automation;
using OciSync.EngineHost.Hosting;

namespace OciSync.EngineHost.StandIns.Utility;

[Cmdlet(VerbsData.Export, "Clixml")]
public sealed class ExportClixmlCommand : PSCmdlet
{
    private readonly List<object> _input = [];

    [Parameter(Position = 0, Mandatory = true)]
    public string Path { get; set; } = string.Empty;

    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    [AllowNull]
    public PSObject? InputObject { get; set; }

    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int Depth { get; set; } = 2;

    protected override void ProcessRecord() => _input.Add(InputObject!);

    protected override void EndProcessing()
    {
        var file = SessionState.Path.GetUnresolvedProviderPathFromPSPath(Path);
        File.WriteAllText(file, EngineInternals.SerializeEach(_input, Depth), FileText.Default);
    }
}
