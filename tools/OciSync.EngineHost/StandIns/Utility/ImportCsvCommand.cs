using System.Management.Automation;

namespace OciSync.EngineHost.StandIns.Utility;

[Cmdlet(VerbsData.Import, "Csv", DefaultParameterSetName = "Path")]
public sealed class ImportCsvCommand : PathCommand
{
    [Parameter(Position = 1)]
    public char Delimiter { get; set; } = ',';

    protected override void ProcessRecord() => ForEachPath(path =>
    {
        foreach (var file in Resolve(path))
        {
            WriteObject(CsvText.Parse(File.ReadAllText(file), Delimiter), enumerateCollection: true);
        }
    });
}
