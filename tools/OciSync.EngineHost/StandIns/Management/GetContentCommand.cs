using System.Management.Automation;
using System.Text;

namespace OciSync.EngineHost.StandIns.Management;

[Cmdlet(VerbsCommon.Get, "Content", DefaultParameterSetName = "Path")]
public sealed class GetContentCommand : PathCommand
{
    [Parameter]
    public SwitchParameter Raw { get; set; }

    [Parameter]
    [Alias("First", "Head")]
    [ValidateRange(0, long.MaxValue)]
    public long TotalCount { get; set; } = long.MaxValue;

    [Parameter]
    [EncodingArgument]
    public Encoding Encoding { get; set; } = FileText.Default;

    protected override void ProcessRecord() => ForEachPath(path =>
    {
        foreach (var file in Resolve(path))
        {
            Try(file, Read);
        }
    });

    private void Read(string file)
    {
        if (!File.Exists(file))
        {
            var exception = new ItemNotFoundException($"Cannot find path '{file}' because it does not exist, or it is no file.");
            WriteError(new ErrorRecord(exception, "PathNotFound", ErrorCategory.ObjectNotFound, file));
        }
        else if (Raw)
        {
            WriteObject(File.ReadAllText(file, Encoding));
        }
        else
        {
            foreach (var line in File.ReadLines(file, Encoding).Take((int)Math.Min(TotalCount, int.MaxValue)))
            {
                WriteObject(line);
            }
        }
    }
}
