using System.Management.Automation;
using OciSync.Core.Errors;
using OciSync.Core.Finding;
using OciSync.Core.Finding.Facts;
using OciSync.Core.References;
using OciSync.PowerShell.Completion;
using OciSync.PowerShell.Errors;
using OciSync.PowerShell.Output;
using OciSync.PowerShell.Parameters;
using OciSync.PowerShell.Pipeline;
using OciSync.PowerShell.Shared;

namespace OciSync.PowerShell.Commands;

/// <summary>Finds the images that files name: manifests, charts, compose files, Dockerfiles, pipelines.</summary>
[Cmdlet(VerbsCommon.Find, "OciImage", HelpUri = HelpPages.Folder + "Find-OciImage.md", DefaultParameterSetName = PathSet)]
[OutputType(typeof(OciFoundImage))]
public sealed partial class FindOciImageCommand : OciCmdlet
{
    private const string PathSet = "Path";
    private const string InputSet = "Input";
    private const string Chart = "oci://";

    private FindOptions _options = new();
    private FoundRows? _rows;

    /// <summary>Files, folders, and charts in registries (oci://). Without it, and without input, the current folder.</summary>
    [Parameter(Position = 0, ParameterSetName = PathSet)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Path { get; set; } = ["."];

    /// <summary>Text, as a program writes it; files and folders; or objects of ConvertFrom-Json.</summary>
    [Parameter(ValueFromPipeline = true, ParameterSetName = InputSet)]
    [AllowNull]
    [AllowEmptyString]
    public PSObject? InputObject { get; set; }

    /// <summary>Also in the folders of a folder.</summary>
    [Parameter]
    public SwitchParameter Recurse { get; set; }

    /// <summary>Also where links in a folder lead.</summary>
    [Parameter]
    public SwitchParameter FollowLink { get; set; }

    /// <summary>Each image once, at the first of its places.</summary>
    [Parameter]
    public SwitchParameter Unique { get; set; }

    /// <summary>What isn't certain gets the name that it probably has, and so is taken by what comes behind in the pipeline.</summary>
    [Parameter]
    public SwitchParameter IncludeUncertain { get; set; }

    /// <summary>Names of rules that find nothing.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(FindRuleCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] ExcludeRule { get; set; } = [];

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        var rules = Lists.Split(ExcludeRule).ToList();
        foreach (var rule in rules.Where(r => !FindRules.All.Contains(r, StringComparer.OrdinalIgnoreCase)))
        {
            var failure = new PSArgumentException($"There is no rule '{rule}'. The rules are {string.Join(", ", FindRules.All)}.");
            ThrowTerminatingError(new ErrorRecord(failure, "OciFindRuleUnknown", ErrorCategory.InvalidArgument, rule));
        }

        _options = new FindOptions
        {
            Recurse = Recurse,
            FollowLink = FollowLink,
            ExcludeRule = rules,
            Environment = Environment.GetEnvironmentVariable,
        };
        _rows = new FoundRows(Unique, IncludeUncertain);
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (MyInvocation.ExpectingInput)
        {
            TakeInput();
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (MyInvocation.ExpectingInput)
        {
            EndInput();
        }
        else
        {
            FindInPaths();
        }

        if (_rows!.Summary is { } summary)
        {
            WriteWarning(summary);
        }
    }

    private void FindInPaths()
    {
        foreach (var path in Path)
        {
            if (path.StartsWith(Chart, StringComparison.OrdinalIgnoreCase))
            {
                FindInChart(path);
            }
            else
            {
                FindInFiles(Resolve(path));
            }
        }
    }

    private IReadOnlyList<string> Resolve(string path)
    {
        try
        {
            return UserPaths.Find(this, path).OrderBy(f => f, StringComparer.Ordinal).ToList();
        }
        catch (Exception e) when (e is ItemNotFoundException or System.Management.Automation.DriveNotFoundException or ProviderNotFoundException)
        {
            WriteError(new ErrorRecord(e, "OciFileNotFound", ErrorCategory.ObjectNotFound, path));
            return [];
        }
    }

    private void FindInFiles(IReadOnlyList<string> paths)
    {
        if (paths.Count > 0)
        {
            Run((writer, token) => new ImageFinder(_options).FindAsync(paths, outcomes => TellAsync(outcomes, writer), token));
        }
    }

    private void FindInChart(string path)
    {
        try
        {
            var chart = ImageReference.Parse(path.Substring(Chart.Length).Replace('+', '_'));
            if (chart.IsRepository)
            {
                throw new OciException(OciErrorKind.TagRequired, $"'{path}' names no version of the chart; write {path}:<version>.");
            }

            Ask(chart, path, null, async (engine, writer, token) =>
                await TellAsync([await engine.FindInChartAsync(chart, _options, token).ConfigureAwait(false)], writer).ConfigureAwait(false));
        }
        catch (Exception e) when (e is OciException or ReferenceException)
        {
            WriteError(ErrorRecords.Create(e, path));
        }
    }

    private async Task TellAsync(IReadOnlyList<FindOutcome> outcomes, PipelineWriter writer)
    {
        foreach (var outcome in outcomes)
        {
            TellNotes(outcome, writer);
            foreach (var failure in outcome.Failures)
            {
                await writer.WriteErrorAsync(ErrorRecords.Create(failure, outcome.Path)).ConfigureAwait(false);
            }
        }

        // Together, as they were found: one by one the way to the pipeline's thread would cost more than finding them.
        var rows = outcomes.SelectMany(_rows!.Take).ToArray();
        if (rows.Length > 0)
        {
            await writer.WriteObjectAsync(rows, enumerateCollection: true).ConfigureAwait(false);
        }
    }

    private static void TellNotes(FindOutcome outcome, PipelineWriter writer)
    {
        foreach (var note in outcome.Notes)
        {
            writer.WriteVerbose(note);
        }

        if (!outcome.IsKnown && outcome.Failures.Count == 0)
        {
            writer.WriteVerbose($"{outcome.Path} is of no kind that names images.");
        }

        foreach (var warning in outcome.Warnings)
        {
            writer.WriteWarning(warning.ToString());
        }
    }
}
