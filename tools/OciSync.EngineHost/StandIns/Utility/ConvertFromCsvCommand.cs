using System.Management.Automation;

namespace OciSync.EngineHost.StandIns.Utility;

[Cmdlet(VerbsData.ConvertFrom, "Csv")]
public sealed class ConvertFromCsvCommand : PSCmdlet
{
    private readonly List<string> _lines = [];

    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true)]
    [AllowEmptyString]
    public string[] InputObject { get; set; } = [];

    [Parameter(Position = 1)]
    public char Delimiter { get; set; } = ',';

    protected override void ProcessRecord() => _lines.AddRange(InputObject);

    protected override void EndProcessing() => WriteObject(CsvText.Parse(string.Join('\n', _lines), Delimiter), enumerateCollection: true);
}
