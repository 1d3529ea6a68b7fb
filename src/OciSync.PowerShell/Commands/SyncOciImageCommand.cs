using System.Management.Automation;
using OciSync.Core.Requests;
using OciSync.Core.Rows;
using OciSync.Core.SyncFiles;
using OciSync.Core.Tags;
using OciSync.PowerShell.Completion;
using OciSync.PowerShell.Parameters;
using OciSync.PowerShell.Shared;
using OciSync.PowerShell.Shared.Copying;

namespace OciSync.PowerShell.Commands;

/// <summary>Copies many images to one place or many, and leaves alone what is there already.</summary>
[Cmdlet(
    VerbsData.Sync, "OciImage", HelpUri = HelpPages.Folder + "Sync-OciImage.md",
    DefaultParameterSetName = EntrySet, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(OciSyncResult))]
[SharedParameters(typeof(NamingParameters))]
public partial class SyncOciImageCommand : CopyingCmdlet
{
    private protected const string SourceSet = "Source";
    private const string ConfigSet = "Config";

    // The default, as PowerShell tries it first: an entry would bind to -Source by its name, and text never binds to an entry.
    private protected const string EntrySet = "Entry";

    private bool _isPlace;
    private TagSelector? _selector;

    /// <summary>The images, each with a tag or a digest; or repositories with a choice of tags.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = SourceSet)]
    [Alias("Reference")]
    [ArgumentCompleter(typeof(ReferenceCompleter))]
    [AllowEmptyString]
    [AllowNull]
    public string[] Source { get; set; } = [];

    /// <summary>Sync files: ours, skopeo's, sync-image's.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ConfigSet)]
    [SupportsWildcards]
    public string[] ConfigPath { get; set; } = [];

    /// <summary>Entries of sync files, as Import-OciSyncConfig gives them.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = EntrySet)]
    public OciSyncEntry[] InputObject { get; set; } = [];

    /// <summary>The places, host/namespace; or one script block that gives the full name of each image.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true, ParameterSetName = SourceSet)]
    [Parameter(Position = 0, ParameterSetName = ConfigSet)]
    [Parameter(Position = 0, ParameterSetName = EntrySet)]
    [NoScriptBlockInList]
    [ArgumentCompleter(typeof(RepositoryCompleter))]
    [AllowEmptyString]
    [AllowEmptyCollection]
    [AllowNull]
    public string[] Destination { get; set; } = [];

    public partial DestinationNaming Naming { get; set; }

    /// <summary>The same as -Naming Full.</summary>
    [Parameter]
    public SwitchParameter Scoped { get; set; }

    /// <summary>Added to each tag at the destination.</summary>
    [Parameter]
    public string? AppendSuffix { get; set; }

    /// <summary>Images worked on at the same time.</summary>
    [Parameter]
    [ValidateRange(1, 64)]
    public int ThrottleLimit { get; set; } = 8;

    private protected override int ImagesAtATime => ThrottleLimit;

    private protected override string ActivityName => "Sync images";

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();

        // Given on the command line as text it is a place; from a script block or a property of the input it is a full name.
        _isPlace = Destination is { Length: > 0 };
        _shard = ReadShard();
        var choice = Choice;
        CheckPruning(isInInput: false);
        ReadLimit();
        ReadKnownMissing();
        _selector = AllTags || !choice.IsEverything ? Choices.Read(this, choice) : null;
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var places = Lists.Split(Destination ?? []).Select(d => CreatePlace(ReadDestination(d), _isPlace)).ToList();
        switch (ParameterSetName)
        {
            case ConfigSet:
                AddFiles(places);
                break;
            case EntrySet:
                foreach (var entry in InputObject)
                {
                    AddEntry(entry, places);
                }

                break;
            default:
                foreach (var source in Source ?? [string.Empty])
                {
                    AddSource(source ?? string.Empty, places);
                }

                break;
        }
    }

    private void AddFiles(List<SyncPlace> places)
    {
        foreach (var file in SyncFiles.ReadAll(this, ConfigPath, WriteAndStop))
        {
            file.Warnings.ToList().ForEach(WriteWarning);
            var own = places.Count > 0 ? places : file.Destinations.Select(d => CreatePlace(d)).ToList();
            Use(file, own);
            foreach (var entry in file.Entries)
            {
                AddEntry(entry, own);
            }
        }
    }

    private void AddEntry(OciSyncEntry entry, IReadOnlyList<SyncPlace> places)
    {
        var own = entry.Destination.Length > 0
            ? entry.Destination.Select(d => SyncPlace.Exact(ReadDestination(d))).ToList()
            : places;
        if (own.Count == 0)
        {
            var failure = new PSArgumentException($"'{entry.Path}' names no destination; give one with -Destination, or under 'destinations' in the file.");
            ThrowTerminatingError(new ErrorRecord(failure, "OciDestinationMissing", ErrorCategory.InvalidArgument, entry));
        }

        Add(entry, own);
    }

    private void WriteAndStop(ErrorRecord error) => ThrowTerminatingError(error);

    private SyncPlace CreatePlace(SyncDestination destination) => SyncPlace.Below(
        ReadDestination(destination.Place), destination.Naming ?? (Scoped ? DestinationNaming.Full : Naming), destination.AppendSuffix ?? AppendSuffix);

    private SyncPlace CreatePlace(GivenDestination destination, bool isPlace) =>
        isPlace ? SyncPlace.Below(destination, Scoped ? DestinationNaming.Full : Naming, AppendSuffix) : SyncPlace.Exact(destination);

    /// <inheritdoc/>
    protected override void EndProcessing() => RunAll();
}
