using System.Management.Automation;
using System.Management.Automation.Language;

namespace OciSync.EngineHost.StandIns.Utility;

[Cmdlet(VerbsData.Import, "PowerShellDataFile", DefaultParameterSetName = "Path")]
public sealed class ImportPowerShellDataFileCommand : PathCommand
{
    protected override void ProcessRecord() => ForEachPath(path =>
    {
        foreach (var file in Resolve(path))
        {
            Import(file);
        }
    });

    private void Import(string file)
    {
        var script = Parser.ParseFile(file, out _, out var errors);
        if (errors.Length == 0 && script.Find(static ast => ast is HashtableAst, searchNestedScriptBlocks: false) is { } data)
        {
            try
            {
                WriteObject(data.SafeGetValue());
                return;
            }
            catch (InvalidOperationException e)
            {
                Fail(file, e.Message);
                return;
            }
        }

        Fail(file, errors.Length > 0 ? errors[0].Message : "It holds no hashtable.");
    }

    private void Fail(string file, string reason)
    {
        var exception = new InvalidOperationException($"The file '{file}' could not be parsed as a PowerShell Data File. {reason}");
        WriteError(new ErrorRecord(exception, "CouldNotParseAsPowerShellDataFile", ErrorCategory.InvalidData, file));
    }
}
