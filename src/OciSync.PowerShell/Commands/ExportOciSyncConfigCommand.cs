using System.Management.Automation;
using OciSync.Core.AuthFiles;
using OciSync.Core.Engine;
using OciSync.Core.Errors;
using OciSync.Core.Files;
using OciSync.Core.References;
using OciSync.Core.Rows;
using OciSync.Core.SyncFiles;
using OciSync.PowerShell.Errors;
using OciSync.PowerShell.Output;
using OciSync.PowerShell.Parameters;
using OciSync.PowerShell.Pipeline;
using OciSync.PowerShell.Shared;

namespace OciSync.PowerShell.Commands;

/// <summary>Writes images as a sync file: skopeo's, or ours with digests.</summary>
[Cmdlet(
    VerbsData.Export, "OciSyncConfig", HelpUri = HelpPages.Folder + "Export-OciSyncConfig.md",
    DefaultParameterSetName = EntrySet, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(OciSyncResult))]
public sealed class ExportOciSyncConfigCommand : OciCmdlet
{
    private const string SourceSet = "Source";
    private const string EntrySet = "Entry";
    private const int NamesShown = 5;

    private readonly SyncExport _export = new();
    private readonly List<string> _leftOut = [];
    private bool _isPlace;
    private bool _hasFailed;
    private string? _defaultPath;

    /// <summary>The file; by default the one that sync-image's file names as autoSyncfile.</summary>
    [Parameter(Position = 0)]
    public string? Path { get; set; }

    /// <summary>Images: tags, references, rows of a plan or of a run.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = SourceSet)]
    [Alias("Reference")]
    [AllowEmptyString]
    public string[] Source { get; set; } = [];

    /// <summary>Entries of sync files, as Import-OciSyncConfig gives them.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = EntrySet)]
    public OciSyncEntry[] InputObject { get; set; } = [];

    /// <summary>The places at the head of the file, host/namespace; of rows from the pipeline their full names.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = SourceSet)]
    [Parameter(ParameterSetName = EntrySet)]
    public string[] Destination { get; set; } = [];

    /// <summary>The digest the source's tag points to; without it the registry is asked.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = SourceSet)]
    public string? SourceDigest { get; set; }

    /// <summary>The status of a row; images that failed or were skipped are left out.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = SourceSet)]
    public string? Status { get; set; }

    /// <summary>What of its source a row means.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = SourceSet)]
    public string? Selection { get; set; }

    /// <summary>Skopeo (tags), or OciSync (tags with digests, destinations, platforms).</summary>
    [Parameter]
    [ValidateSet(nameof(SyncFileFormat.Skopeo), nameof(SyncFileFormat.OciSync))]
    public string Format { get; set; } = nameof(SyncFileFormat.Skopeo);

    /// <summary>Replaces a file that is read-only.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Replaces no file.</summary>
    [Parameter]
    public SwitchParameter NoClobber { get; set; }

    /// <summary>Leaves out what does not exist, in place of writing no file.</summary>
    [Parameter]
    public SwitchParameter SkipMissing { get; set; }

    private bool IsOwn => Format.Equals(nameof(SyncFileFormat.OciSync), StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        _isPlace = Destination.Length > 0;
        if (_isPlace)
        {
            _export.Destinations.AddRange(Lists.Split(Destination).Select(d => ReadDestination(d).Text));
        }
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName == EntrySet)
        {
            foreach (var entry in InputObject)
            {
                _defaultPath ??= entry.DefaultOutput;
                _export.Add(entry);
            }

            return;
        }

        foreach (var source in Source)
        {
            AddSource(source);
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        var path = FindPath();
        _export.SkipMissing = SkipMissing;
        Run(ResolveAsync);
        TellLeftOut(path);
        if (_leftOut.Count > 0)
        {
            WriteWarning($"{_leftOut.Count} images are left out, as their rows say that they are not at the destination: {First(_leftOut)}");
            _leftOut.ForEach(source => _export.LeaveOut(source, "not at the destination"));
        }

        if (_hasFailed || _export.Count == 0)
        {
            WriteWarning(_hasFailed
                ? $"'{path}' is not written, as it would not be "
                    + $"whole.{(_export.WouldSkip ? " -SkipMissing writes it without what does not exist." : string.Empty)}"
                : $"'{path}' is not written: there is no image for it.");
            return;
        }

        Save(path);
    }

    private async Task ResolveAsync(PipelineWriter writer, CancellationToken cancellationToken)
    {
        using var engine = CreateEngine(TellDecisions(writer), new Dictionary<string, RegistryCredential>(), cancellationToken);
        foreach (var failed in await _export.ResolveAsync(engine, IsOwn, cancellationToken).ConfigureAwait(false))
        {
            _hasFailed = true;
            await writer.WriteErrorAsync(ErrorRecords.Create(failed.Failure!, failed.Reference)).ConfigureAwait(false);
        }
    }

    // A row for each, as a run gives them, and one warning for each reason.
    private void TellLeftOut(string path)
    {
        var missing = _export.LeftOut.Where(s => s.Failure is not null).Select(s => s.Reference).ToList();
        var named = _export.LeftOut.Where(s => s.Failure is null).Select(s => s.Reference).ToList();
        _export.LeftOut.ToList().ForEach(s => WriteObject(OciSyncResult.Skipped(s.Reference, string.Empty, s.Reason, CreateOptions())));
        if (missing.Count > 0)
        {
            WriteWarning($"{missing.Count} sources do not exist and are left out of '{path}': {First(missing)}");
        }

        if (named.Count > 0)
        {
            WriteWarning($"{named.Count} images are left out of '{path}', as one before them has their name: {First(named)}");
        }
    }

    private static string First(IReadOnlyList<string> names) =>
        string.Join(", ", names.Take(NamesShown)) + (names.Count > NamesShown ? ", …" : string.Empty);

    private void AddSource(string source)
    {
        if (Status is SyncStatus.Failed or SyncStatus.Cancelled)
        {
            _leftOut.Add(source);
            return;
        }

        // What was left alone, or removed, isn't part of what was asked for.
        if (Status is SyncStatus.Skipped or "Pruned" or "WouldPrune")
        {
            return;
        }

        try
        {
            var names = _isPlace ? [] : Lists.Split(Destination);
            foreach (var name in names.DefaultIfEmpty(string.Empty))
            {
                _export.Add(source, name.Length == 0 ? null : ReadLocation(name), SourceDigest, Selection);
            }
        }
        catch (Exception e) when (e is OciException or ReferenceException)
        {
            _hasFailed = true;
            WriteError(ErrorRecords.Create(e, source));
        }
    }

    private string FindPath()
    {
        if (string.IsNullOrEmpty(Path) && _defaultPath is null)
        {
            var failure = new PSArgumentException("Give the file's name with -Path; only a file of sync-image's that has autoSyncfile names one itself.");
            ThrowTerminatingError(new ErrorRecord(failure, "OciPathMissing", ErrorCategory.InvalidArgument, null));
        }

        return FullPath(string.IsNullOrEmpty(Path) ? _defaultPath : Path)!;
    }

    private void Save(string path)
    {
        if (!IsOwn && _export.NeedsOwnFormat)
        {
            WriteWarning("skopeo's format has no destinations and platforms: they are left out. -Format OciSync keeps them.");
        }

        var text = _export.Write(IsOwn ? SyncFileFormat.OciSync : SyncFileFormat.Skopeo);
        if (!ShouldProcess(path, $"Write {_export.Count} {(_export.Count == 1 ? "image" : "images")}"))
        {
            return;
        }

        try
        {
            var isThere = File.Exists(path);
            if (isThere && NoClobber)
            {
                throw new IOException($"'{path}' is there already, and -NoClobber was given.");
            }

            if (isThere && !Force && (File.GetAttributes(path) & FileAttributes.ReadOnly) != 0)
            {
                throw new UnauthorizedAccessException($"'{path}' is read-only; -Force replaces it.");
            }

            WholeFile.Write(path, text, replace: !NoClobber);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            WriteError(new ErrorRecord(e, File.Exists(path) && NoClobber ? "OciFileExists" : "OciFileUnwritable",
                NoClobber ? ErrorCategory.ResourceExists : ErrorCategory.WriteError, path));
        }
    }
}
