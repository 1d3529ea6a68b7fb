using System.Management.Automation;
using System.Text;
using Microsoft.PowerShell.Commands.Internal.Format;
using OciSync.EngineHost.Hosting;

namespace OciSync.EngineHost.StandIns.Utility;

/// <summary>Also what the redirection operators <c>&gt;</c> and <c>&gt;&gt;</c> call.</summary>
[Cmdlet(VerbsData.Out, "File")]
public sealed class OutFileCommand : FrontEndCommandBase
{
    private StreamWriter? _file;
    private TextWriter? _writer;

    [Parameter(Position = 0, Mandatory = true)]
    [Alias("Path")]
    public string FilePath { get; set; } = string.Empty;

    [Parameter(Position = 1)]
    [EncodingArgument]
    public Encoding Encoding { get; set; } = FileText.Default;

    [Parameter]
    public SwitchParameter Append { get; set; }

    [Parameter]
    [ValidateRange(2, int.MaxValue)]
    public int Width { get; set; } = int.MaxValue;

    protected override void BeginProcessing()
    {
        _file = new StreamWriter(GetUnresolvedProviderPathFromPSPath(FilePath), Append, Encoding);
        _writer = EngineInternals.SetLineOutput(this, _file.WriteLine, Width);
        base.BeginProcessing();
    }

    protected override void ProcessRecord()
    {
        base.ProcessRecord();
        _writer?.Flush();
    }

    protected override void EndProcessing()
    {
        base.EndProcessing();
        _writer?.Flush();
        _file?.Dispose();
    }

    protected override void InternalDispose()
    {
        _file?.Dispose();
        base.InternalDispose();
    }
}
