using System.Management.Automation;
using System.Text;

namespace OciSync.EngineHost.StandIns.Utility;

[Cmdlet(VerbsData.Export, "Csv")]
public sealed class ExportCsvCommand : PSCmdlet
{
    private readonly List<PSObject> _rows = [];

    [Parameter(Position = 0, Mandatory = true)]
    public string Path { get; set; } = string.Empty;

    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    public PSObject InputObject { get; set; } = new();

    [Parameter(Position = 1)]
    public char Delimiter { get; set; } = ',';

    [Parameter]
    [EncodingArgument]
    public Encoding Encoding { get; set; } = FileText.Default;

    /// <summary>The default since PowerShell 6; accepted for Windows PowerShell's sake.</summary>
    [Parameter]
    public SwitchParameter NoTypeInformation { get; set; }

    protected override void ProcessRecord() => _rows.Add(InputObject);

    protected override void EndProcessing() => File.WriteAllLines(
        SessionState.Path.GetUnresolvedProviderPathFromPSPath(Path), CsvText.Lines(_rows, Delimiter), Encoding);
}
