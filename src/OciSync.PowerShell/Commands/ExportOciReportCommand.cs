using System.Management.Automation;
using System.Text;
using OciSync.Core.Errors;
using OciSync.Core.Files;
using OciSync.Core.Reports;
using OciSync.Core.Rows;
using OciSync.PowerShell.Errors;
using OciSync.PowerShell.Parameters;
using OciSync.PowerShell.Shared;

namespace OciSync.PowerShell.Commands;

/// <summary>Writes the rows of runs as files to look at or to read again.</summary>
[Cmdlet(
    VerbsData.Export, "OciReport", HelpUri = HelpPages.Folder + "Export-OciReport.md",
    DefaultParameterSetName = RowSet, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(void))]
[SharedParameters(typeof(ReportParameters))]
public sealed partial class ExportOciReportCommand : PSCmdlet
{
    private const string RowSet = "Row";
    private const string FileSet = "File";

    private readonly List<OciSyncResult> _rows = [];
    private readonly ResultLines _lines = new("the input");
    private IReadOnlyList<string> _paths = [];
    private IReadOnlyList<OciSyncResult>? _previous;
    private string? _rowsName;
    private string? _note;

    /// <summary>The files, by their endings: .html is a page, .jsonl and .json are JSON lines, .csv is for spreadsheets.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    public string[] Path { get; set; } = [];

    /// <summary>Rows: of a run, of Import-Csv, ConvertFrom-Json, Import-Clixml, or lines of JSON.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = RowSet)]
    [AllowEmptyString]
    [AllowNull]
    public PSObject[] InputObject { get; set; } = [];

    /// <summary>Files of JSON lines that -ReportPath wrote, also of runs that were killed.</summary>
    [Parameter(Mandatory = true, ParameterSetName = FileSet)]
    [SupportsWildcards]
    public string[] RowPath { get; set; } = [];

    public partial PSObject[] Previous { get; set; }

    /// <summary>Replaces no file.</summary>
    [Parameter]
    public SwitchParameter NoClobber { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        _paths = ReportPaths.Find(this, Path);
        _previous = RowInput.ReadPrevious(this, Previous);
        if (ParameterSetName == FileSet)
        {
            var files = SyncFiles.Find(this, RowPath, ThrowTerminatingError).Distinct(StringComparer.Ordinal).ToList();
            if (files.Count == 0)
            {
                var failure = new ItemNotFoundException($"There is no file '{string.Join(", ", RowPath)}' (-RowPath).");
                ThrowTerminatingError(new ErrorRecord(failure, "OciFileNotFound", ErrorCategory.ObjectNotFound, RowPath));
            }

            _rowsName = files.Count == 1 ? System.IO.Path.GetFileName(files[0]) : null;
            files.ForEach(file => _rows.AddRange(RowInput.Load(this, file, note => _note = note)));
        }
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var item in InputObject ?? [])
        {
            try
            {
                if (item?.BaseObject is string line)
                {
                    _lines.Add(line);
                }
                else if (item is not null)
                {
                    _rows.Add(RowInput.Read(item));
                }
            }
            catch (OciException e)
            {
                WriteError(ErrorRecords.Create(e, item));
            }
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        _rows.AddRange(_lines.Rows);
        if (_lines.CutLine is { } fault)
        {
            WriteWarning(_note = $"{fault} {RowInput.LeftOut}");
        }

        if (_rows.Count == 0)
        {
            WriteWarning("Nothing is written: there are no rows.");
            return;
        }

        foreach (var path in _paths)
        {
            if (ShouldProcess(path, $"Write {_rows.Count} {(_rows.Count == 1 ? "row" : "rows")}"))
            {
                Save(path);
            }
        }
    }

    private void Save(string path)
    {
        try
        {
            if (NoClobber && File.Exists(path))
            {
                throw new IOException($"'{path}' is there already, and -NoClobber was given.");
            }

            WholeFile.Write(path, Render(ReportForms.Of(path)), replace: !NoClobber);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            var isThere = NoClobber && File.Exists(path);
            WriteError(new ErrorRecord(
                e, isThere ? "OciFileExists" : "OciReportUnwritable", isThere ? ErrorCategory.ResourceExists : ErrorCategory.WriteError, path));
        }
    }

    private string Render(ReportForm form) => form switch
    {
        ReportForm.Page => ReportPage.Render(
            new ReportRun(_rows, DateTimeOffset.UtcNow) { Previous = _previous, RowsName = _rowsName, Note = _note }),

        // With a mark, without which Excel takes UTF-8 for something else.
        ReportForm.Csv => "\uFEFF" + Lines([ResultCsv.Header, .. _rows.Select(ResultCsv.ToLine)]),
        _ => Lines(_rows.Select(ResultJson.ToLine)),
    };

    private static string Lines(IEnumerable<string> lines)
    {
        var text = new StringBuilder();
        foreach (var line in lines)
        {
            text.AppendLine(line);
        }

        return text.ToString();
    }
}
