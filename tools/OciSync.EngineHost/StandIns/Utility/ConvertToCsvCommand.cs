using System.Management.Automation;

namespace OciSync.EngineHost.StandIns.Utility;

[Cmdlet(VerbsData.ConvertTo, "Csv")]
public sealed class ConvertToCsvCommand : PSCmdlet
{
    private readonly List<PSObject> _rows = [];

    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true)]
    public PSObject InputObject { get; set; } = new();

    [Parameter(Position = 1)]
    public char Delimiter { get; set; } = ',';

    /// <summary>The default since PowerShell 6; accepted for Windows PowerShell's sake.</summary>
    [Parameter]
    public SwitchParameter NoTypeInformation { get; set; }

    protected override void ProcessRecord() => _rows.Add(InputObject);

    protected override void EndProcessing() => WriteObject(CsvText.Lines(_rows, Delimiter), enumerateCollection: true);
}
