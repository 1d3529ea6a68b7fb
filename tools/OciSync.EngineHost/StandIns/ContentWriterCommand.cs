using System.Management.Automation;
using System.Text;

namespace OciSync.EngineHost.StandIns;

/// <summary>Writes the text of what comes in as lines of files, at the end of the pipeline.</summary>
public abstract class ContentWriterCommand : PSCmdlet
{
    private readonly StringBuilder _text = new();

    [Parameter(Position = 0, Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "Path")]
    public string[] Path { get; set; } = [];

    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "LiteralPath")]
    [Alias("PSPath", "LP")]
    public string[] LiteralPath { get => Path; set => Path = value; }

    [Parameter(Position = 1, Mandatory = true, ValueFromPipeline = true)]
    [AllowNull]
    [AllowEmptyCollection]
    public object?[] Value { get; set; } = [];

    [Parameter]
    public SwitchParameter NoNewline { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    [EncodingArgument]
    public Encoding Encoding { get; set; } = FileText.Default;

    private protected abstract void Write(string file, string text);

    protected override void ProcessRecord()
    {
        foreach (var item in Value ?? [])
        {
            _text.Append(LanguagePrimitives.ConvertTo<string>(item)).Append(NoNewline ? string.Empty : Environment.NewLine);
        }
    }

    protected override void EndProcessing()
    {
        foreach (var path in Path)
        {
            var file = SessionState.Path.GetUnresolvedProviderPathFromPSPath(path);
            try
            {
                Write(file, _text.ToString());
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                WriteError(new ErrorRecord(e, "GetContentWriter" + e.GetType().Name, ErrorCategory.WriteError, file));
            }
        }
    }
}
