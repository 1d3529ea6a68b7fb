using System.Management.Automation;
using OciSync.Core;
using OciSync.Core.Auth;
using OciSync.Core.Copying;
using OciSync.Core.Errors;
using OciSync.Core.References;
using OciSync.Core.Syncing;
using OciSync.PowerShell.Completion;
using OciSync.PowerShell.Errors;
using OciSync.PowerShell.Output;
using OciSync.PowerShell.Pipeline;

namespace OciSync.PowerShell.Commands;

/// <summary>What Copy-OciImage and Sync-OciImage share: everything but the names at the destination.</summary>
public abstract class CopyingCmdlet : OciCmdlet
{
    private readonly List<SyncPair> _pairs = [];
    private readonly List<ErrorRecord> _failures = [];

    /// <summary>Only these platforms, os/architecture[/variant][:osversion]; one is copied as that manifest, several as a rebuilt index.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(PlatformCompleter))]
    public string[] Platform { get; set; } = [];

    /// <summary>Leaves BuildKit's attestation entries out of indexes, for registries that refuse them.</summary>
    [Parameter]
    public SwitchParameter ExcludeAttestation { get; set; }

    /// <summary>Further tags for the image at its destination.</summary>
    [Parameter]
    public string[] AdditionalTag { get; set; } = [];

    /// <summary>Checks up-to-date images down to their blobs and repairs what the registry has lost.</summary>
    [Parameter]
    public SwitchParameter Verify { get; set; }

    /// <summary>Stops at the first failure.</summary>
    [Parameter]
    public SwitchParameter FailFast { get; set; }

    /// <summary>The login for the sources' registry.</summary>
    [Parameter]
    [Login]
    public PSCredential? SourceCredential { get; set; }

    /// <summary>The login for the destinations' registry.</summary>
    [Parameter]
    [Login]
    public PSCredential? DestinationCredential { get; set; }

    /// <summary>No login but those given to this command.</summary>
    [Parameter]
    [Alias("NoCreds")]
    public SwitchParameter Anonymous { get; set; }

    /// <summary>Blob transfers at the same time with one registry.</summary>
    [Parameter]
    [ValidateRange(1, 64)]
    public int MaxConnectionsPerRegistry { get; set; } = 6;

    private protected override bool IsAnonymous => Anonymous;

    private protected abstract int ImagesAtATime { get; }

    private protected abstract string ActivityName { get; }

    private protected override EngineOptions CreateOptions() => base.CreateOptions() with
    {
        MaxConnectionsPerRegistry = MaxConnectionsPerRegistry,
        ThrottleLimit = ImagesAtATime,
    };

    /// <summary>Takes a source and one of its names into the run; what is wrong with the names is a row and an error of the run.</summary>
    private protected void Add(string input, Func<ImageReference, ImageReference> nameAtDestination, string destination, bool needsTag)
    {
        try
        {
            var source = ImageReference.Parse(input);
            if (needsTag && source.IsRepository)
            {
                throw new OciException(
                    OciErrorKind.TagRequired,
                    $"'{input}' is a whole repository. Choose its tags: Get-OciTag {input} | Select-Object -Last 5 | Sync-OciImage …, or name one: {input}:latest");
            }

            source = source.WithDefaultTag();
            var pair = new SyncPair(source, nameAtDestination(source), input);
            State.Seen.Add(pair.Source);
            State.Seen.Add(pair.Destination);
            _pairs.Add(pair);
        }
        catch (Exception e) when (e is OciException or ReferenceException)
        {
            Fail(OciSyncResult.Failed(input, destination, e), e, input);
        }
    }

    /// <summary>Does the work: rows as they come, the errors after the last row.</summary>
    private protected void RunAll()
    {
        if (_pairs.Count > 0 && !(FailFast && _failures.Count > 0))
        {
            var request = CreateRequest();
            var credentials = FindCredentials(request);
            Run((writer, token) => RunAsync(request, credentials, writer, token));
        }

        foreach (var failure in _failures)
        {
            WriteError(failure);
        }
    }

    private SyncRequest CreateRequest() => new()
    {
        Pairs = _pairs,
        Selection = new ImageSelection { Platforms = Platforms.ReadAll(Platform, this), ExcludeAttestation = ExcludeAttestation },
        AdditionalTags = CheckTags(Lists.Split(AdditionalTag)),
        Verify = Verify,
        IsReadOnly = IsWhatIf,
        FailFast = FailFast,
    };

    private async Task RunAsync(
        SyncRequest request, IReadOnlyDictionary<string, RegistryCredential> credentials, PipelineWriter writer, CancellationToken cancellationToken)
    {
        var progress = new TransferMonitor(ActivityName, request.Pairs.Count, writer);
        var events = progress.Listen(TellDecisions(writer));
        WarnOfSignatures(request, writer);
        using var engine = CreateEngine(events, credentials, cancellationToken);
        var plan = new List<OciSyncResult>();
        await engine.SyncAsync(
            request,
            outcome => Take(outcome, plan, progress, writer),
            request.IsReadOnly ? null : row => writer.ShouldProcessAsync(row.Destination, $"Copy {row.Source}"),
            cancellationToken).ConfigureAwait(false);
        if (request.IsReadOnly)
        {
            await TellPlanAsync(plan, writer).ConfigureAwait(false);
        }
    }

    private void Take(SyncOutcome outcome, List<OciSyncResult> plan, TransferMonitor progress, PipelineWriter writer)
    {
        lock (plan)
        {
            plan.Add(outcome.Row);
            if (outcome.Failure is not null and not OperationCanceledException)
            {
                _failures.Add(ErrorRecords.Create(outcome.Failure, outcome.Input));
            }
        }

        progress.CountImage();
        writer.WriteResult(outcome.Row);
    }

    // One line for each repository that would change.
    private static async Task TellPlanAsync(List<OciSyncResult> plan, PipelineWriter writer)
    {
        foreach (var repository in plan.Where(r => r.Status.StartsWith("Would", StringComparison.Ordinal)).GroupBy(r => RepositoryOf(r.Destination)))
        {
            var tags = repository.Select(r => r.Destination.Substring(repository.Key.Length).TrimStart(':', '@')).ToList();
            var shown = string.Join(", ", tags.Take(5)) + (tags.Count > 5 ? ", …" : string.Empty);
            await writer.ShouldProcessAsync(repository.Key, $"Copy {tags.Count} {(tags.Count == 1 ? "image" : "images")} ({shown})").ConfigureAwait(false);
        }
    }

    private static string RepositoryOf(string destination) => ImageReference.Parse(destination).Name;

    private static void WarnOfSignatures(SyncRequest request, PipelineWriter writer)
    {
        if (request.Selection.Platforms.Count > 0 || request.Selection.ExcludeAttestation)
        {
            writer.WriteWarning("Only a part of multi-platform images is copied: their digest changes, and signatures on the whole no longer match.");
        }
    }

    private Dictionary<string, RegistryCredential> FindCredentials(SyncRequest request)
    {
        var credentials = new Dictionary<string, RegistryCredential>();
        Set(SourceCredential, nameof(SourceCredential), request.Pairs.Select(p => p.Source.Registry));
        Set(DestinationCredential, nameof(DestinationCredential), request.Pairs.Select(p => p.Destination.Registry));
        return credentials;

        void Set(PSCredential? credential, string parameter, IEnumerable<string> registries)
        {
            if (credential is null)
            {
                return;
            }

            var hosts = registries.Distinct(StringComparer.Ordinal).ToList();
            if (hosts.Count > 1)
            {
                var failure = new PSArgumentException(
                    $"-{parameter} is for one registry, and there are {hosts.Count} ({string.Join(", ", hosts)}). Log in to each: Connect-OciRegistry <registry> -Credential …");
                ThrowTerminatingError(new ErrorRecord(failure, "OciCredentialAmbiguous", ErrorCategory.InvalidArgument, credential.UserName));
            }

            credentials[hosts[0]] = Credentials.From(credential);
        }
    }

    private IReadOnlyList<string> CheckTags(IReadOnlyList<string> tags)
    {
        foreach (var tag in tags)
        {
            if (!ImageReference.TryParse("x.test/x:" + tag, out _, out var fault))
            {
                var failure = new PSArgumentException($"-AdditionalTag '{tag}': {fault}.");
                ThrowTerminatingError(new ErrorRecord(failure, ErrorRecords.ReferenceInvalidId, ErrorCategory.InvalidArgument, tag));
            }
        }

        return tags;
    }

    private void Fail(OciSyncResult row, Exception failure, string input)
    {
        WriteObject(row);
        _failures.Add(ErrorRecords.Create(failure, input));
    }
}
