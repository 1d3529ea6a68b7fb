using System.Management.Automation;
using OciSync.Core.AuthFiles;
using OciSync.Core.Engine;
using OciSync.Core.Flow;
using OciSync.Core.Images;
using OciSync.Core.References;
using OciSync.Core.Requests;
using OciSync.Core.Rows;
using OciSync.Core.Syncing;
using OciSync.PowerShell.Completion;
using OciSync.PowerShell.Errors;
using OciSync.PowerShell.Output;
using OciSync.PowerShell.Parameters;
using OciSync.PowerShell.Pipeline;

namespace OciSync.PowerShell.Shared.Copying;

/// <summary>What Copy-OciImage and Sync-OciImage share: everything but the names at the destination.</summary>
public abstract partial class CopyingCmdlet : ImageCmdlet
{
    private RunRecord _record = new(null);

    /// <summary>Only these platforms, os/architecture[/variant][:osversion]; one manifest is copied as it is, several as a rebuilt index.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(PlatformCompleter))]
    public string[] Platform { get; set; } = [];

    /// <summary>Leaves BuildKit's attestation entries out of indexes, for registries that refuse them.</summary>
    [Parameter]
    public SwitchParameter ExcludeAttestation { get; set; }

    /// <summary>With -Platform: the index is copied as it is, with its digest, and only these platforms below it.</summary>
    [Parameter]
    public SwitchParameter KeepIndex { get; set; }

    /// <summary>Further tags for the image at its destination.</summary>
    [Parameter]
    [NoBareNumber]
    public string[] AdditionalTag { get; set; } = [];

    /// <summary>Checks up-to-date images down to their blobs and repairs what the registry has lost.</summary>
    [Parameter]
    public SwitchParameter Verify { get; set; }

    /// <summary>Stops at the first failure.</summary>
    [Parameter]
    public SwitchParameter FailFast { get; set; }

    /// <summary>No login but those given to this command.</summary>
    [Parameter]
    [Alias("NoCreds")]
    public SwitchParameter Anonymous { get; set; }

    /// <summary>Blob transfers at the same time with one registry.</summary>
    [Parameter]
    [ValidateRange(1, 64)]
    public int MaxConnectionsPerRegistry { get; set; } = 6;

    // Images and blobs under way at a time, where registries are far away and the user has not said how many.
    private const int MostFarAway = 32;

    private protected override bool IsAnonymous => Anonymous;

    private protected abstract int ImagesAtATime { get; }

    private protected abstract string ActivityName { get; }

    /// <summary>Nothing but rows, warnings and errors.</summary>
    private protected virtual bool IsQuiet => false;

    /// <summary>Everything is read and nothing written.</summary>
    private protected virtual bool IsReading => IsWhatIf;

    private protected override EngineOptions CreateOptions() => WithRates(WithLimits(WithPlaces(base.CreateOptions()))) with
    {
        MaxConnectionsPerRegistry = MaxConnectionsPerRegistry,
        ThrottleLimit = ImagesAtATime,
        FarThrottleLimit = MyInvocation.BoundParameters.ContainsKey("ThrottleLimit") ? null : MostFarAway,
        FarConnectionsPerRegistry = MyInvocation.BoundParameters.ContainsKey(nameof(MaxConnectionsPerRegistry)) ? null : MostFarAway,
        BandwidthLimit = Bandwidth,
        AuthFiles = _authFiles,
        SourceDaemonHost = SourceDaemonHost,
        RegistriesDirectoryPath = _registriesDirectory,
        Overwrite = Force,
    };

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        CheckConversion();
        CheckLogins();
        BeginTrust();
        BeginSigning();
        BeginReports();
        ReadRates();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _record.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>Does the work: rows as they come, the errors after the last row.</summary>
    private protected void RunAll()
    {
        EndList();
        if (_hasChoiceForNothing)
        {
            WriteWarning("Choosing parameters are for repositories; images that came with a tag or digest are taken as they are.");
        }

        if ((HasRemovals || _pairs.Count + _repositories.Count + _folders.Count > 0) && !(FailFast && _record.Failures.Count > 0))
        {
            var request = WithAge(CreateRequest());
            var credentials = FindLogins(request);
            CheckPruning(IsPruneInInput);
            try
            {
                Run((writer, token) => RunAsync(request with { Prune = CreatePruneRequest(writer) }, credentials, writer, token));
            }
            catch (Exception e) when (IsUnanswered(e))
            {
                ThrowTerminatingError(ErrorRecords.Create(Confirmation.Required(PruneName, e), null));
            }
        }

        FinishReports();
        if (GitHubActions.IsHere && !IsQuiet)
        {
            TellGitHub();
        }

        foreach (var failure in _record.Failures)
        {
            WriteError(failure);
        }
    }

    private void TellGitHub()
    {
        foreach (var failure in _record.Failures)
        {
            Host.UI.WriteLine(GitHubActions.Annotation(failure));
        }

        try
        {
            if (GitHubActions.SummaryPath is { } path)
            {
                File.AppendAllText(path, GitHubActions.Summary(ActivityName, _record.Rows));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            WriteWarning($"The step summary can't be written: {e.Message}");
        }
    }

    private protected virtual SyncRequest CreateRequest() => new()
    {
        Pairs = _pairs,
        Repositories = _repositories,
        Folders = _folders,
        Inputs = _inputs,
        Selection = new ImageSelection
        {
            Platforms = Platforms.ReadAll(Platform, this),
            ExcludeAttestation = ExcludeAttestation,
            IndexOnly = IndexOnly,
            KeepIndex = KeepIndex,
        },
        Conversion = Conversion,
        AdditionalTags = CheckTags(Lists.Split(AdditionalTag)),
        IncludeReferrer = IncludeReferrer,
        Baseline = Baselines.Find(this, Baseline),
        Verify = Verify,
        Trust = _trust,
        Signing = _signing,
        IsReadOnly = IsReading,
        SkipExisting = ReadSkipExisting(),
        FailFast = FailFast,
    };

    private async Task RunAsync(
        SyncRequest request, IReadOnlyDictionary<string, RegistryCredential> credentials, PipelineWriter writer, CancellationToken cancellationToken)
    {
        using var progress = new TransferMonitor(ActivityName, writer, !IsQuiet && IsWatched);
        var events = progress.Listen(TellDecisions(writer));
        using var engine = CreateEngine(events, credentials, _registries, cancellationToken);
        await WorkAsync(engine, request, writer, cancellationToken).ConfigureAwait(false);
        if (IsWhatIf && !IsQuiet)
        {
            await TellPlanAsync(_record.Rows, writer).ConfigureAwait(false);
            await TellPruningAsync(_record.Rows, writer).ConfigureAwait(false);
        }
    }

    private protected virtual Task WorkAsync(OciEngine engine, SyncRequest request, PipelineWriter writer, CancellationToken cancellationToken) =>
        engine.SyncAsync(
            request,
            outcome => WriteOutcome(outcome, writer),
            request.IsReadOnly ? null : row => writer.ShouldProcessAsync(row.Destination, $"Copy {row.Source}"),
            cancellationToken);

    private void WriteOutcome(SyncOutcome outcome, PipelineWriter writer)
    {
        Record(outcome);
        writer.WriteResult(outcome.Row);
    }

    /// <summary>Keeps a row for the report, and its error for the end.</summary>
    private protected void Record(SyncOutcome outcome)
    {
        var failed = outcome.Failure is not null and not OperationCanceledException;
        _record.Add(outcome.Row, failed ? ErrorRecords.Create(outcome.Failure!, outcome.Input) : null);
    }

    // One line for each repository that would change.
    private static async Task TellPlanAsync(IReadOnlyList<OciSyncResult> plan, PipelineWriter writer)
    {
        foreach (var repository in plan.Where(r => r.Status is SyncStatus.WouldCopy or SyncStatus.WouldUpdate).GroupBy(r => RepositoryOf(r.Destination)))
        {
            var tags = repository.Select(r => r.Destination.Substring(repository.Key.Length).TrimStart(':', '@')).ToList();
            var named = string.Join(", ", tags.Where(t => t.Length > 0).Take(5)) + (tags.Count > 5 ? ", …" : string.Empty);
            var shown = named.Length == 0 ? string.Empty : $" ({named})";
            await writer.ShouldProcessAsync(repository.Key, $"Copy {tags.Count} {(tags.Count == 1 ? "image" : "images")}{shown}").ConfigureAwait(false);
        }
    }

    private static string RepositoryOf(string destination) => ImageLocation.Parse(destination).PlaceName;

    private IReadOnlyList<string> CheckTags(IReadOnlyList<string> tags)
    {
        foreach (var tag in tags)
        {
            if (ImageLocation.FindFurtherNameFault(tag) is { } fault)
            {
                var failure = new PSArgumentException($"-AdditionalTag '{tag}': {fault}.");
                ThrowTerminatingError(new ErrorRecord(failure, ErrorRecords.ReferenceInvalidId, ErrorCategory.InvalidArgument, tag));
            }
        }

        return tags;
    }

    /// <summary>Writes the row of what is left alone.</summary>
    private protected void Skip(string source, string destination, string reason)
    {
        var row = OciSyncResult.Skipped(source, destination, reason, CreateOptions());
        WriteObject(row);
        _record.Add(row, null);
    }

    /// <summary>Writes the row of an input that could not even be tried; its error comes after the last row.</summary>
    private protected void Fail(string source, string destination, Exception failure, string input)
    {
        var row = OciSyncResult.Failed(source, destination, failure, CreateOptions());
        WriteObject(row);
        _record.Add(row, ErrorRecords.Create(failure, input));
    }
}
