using System.Management.Automation;
using OciSync.Core.Syncing;
using OciSync.Core.Tags;
using OciSync.PowerShell.Completion;

namespace OciSync.PowerShell.Commands;

/// <summary>Copies many images to one place or many, and leaves alone what is there already.</summary>
[Cmdlet(VerbsData.Sync, "OciImage", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(OciSyncResult))]
public sealed partial class SyncOciImageCommand : CopyingCmdlet
{
    // A number, not the enum: a field of a value type of the engine's would make PowerShell look for the engine before it can be found.
    private int _naming = (int)DestinationNaming.Leaf;
    private bool _isPlace;
    private TagSelector? _selector;

    /// <summary>The images, each with a tag or a digest.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Reference")]
    [ArgumentCompleter(typeof(ReferenceCompleter))]
    [AllowEmptyString]
    public string[] Source { get; set; } = [];

    /// <summary>The places, host/namespace; or one script block that gives the full name of each image.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [NoScriptBlockInList]
    [ArgumentCompleter(typeof(RepositoryCompleter))]
    public string[] Destination { get; set; } = [];

    /// <summary>What images are called below the destination: the last part of their path, the whole path, host and path, or the path with dashes.</summary>
    [Parameter]
    public DestinationNaming Naming
    {
        get => (DestinationNaming)_naming;
        set => _naming = (int)value;
    }

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
        _isPlace = Destination.Length > 0;
        var choice = Choice;
        _selector = AllTags || !choice.IsEverything ? Choices.Read(this, choice) : null;
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var places = Lists.Split(Destination).Select(ResolveFolder).Select(CreatePlace).ToList();
        foreach (var source in Source)
        {
            Add(source, places, needsTag: true, _selector);
        }
    }

    private SyncPlace CreatePlace(string destination) => new(
        destination,
        s => _isPlace ? DestinationName.Below(destination, s, Scoped ? DestinationNaming.Full : Naming, AppendSuffix) : DestinationName.Exact(destination, s));

    /// <inheritdoc/>
    protected override void EndProcessing() => RunAll();
}
