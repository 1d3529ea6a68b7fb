using System.Management.Automation;
using OciSync.Core.References;
using OciSync.Core.Requests;
using OciSync.Core.Rows;
using OciSync.PowerShell.Completion;
using OciSync.PowerShell.Parameters;
using OciSync.PowerShell.Shared;
using OciSync.PowerShell.Shared.Copying;

namespace OciSync.PowerShell.Commands;

/// <summary>Copies an image to exactly the name that is given.</summary>
[Cmdlet(
    VerbsCommon.Copy, "OciImage", HelpUri = HelpPages.Folder + "Copy-OciImage.md",
    SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(OciSyncResult))]
public sealed class CopyOciImageCommand : CopyingCmdlet
{
    /// <summary>The image; without a tag it is latest.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Reference")]
    [ArgumentCompleter(typeof(ReferenceCompleter))]
    [AllowEmptyString]
    public string[] Source { get; set; } = [];

    /// <summary>The full name it gets; without a tag it is latest.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ArgumentCompleter(typeof(ReferenceCompleter))]
    public string Destination { get; set; } = string.Empty;

    private protected override int ImagesAtATime => 8;

    private protected override string ActivityName => "Copy images";

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var destination = ReadDestination(Destination);
        foreach (var source in Source)
        {
            void Take() => Add(source, [new SyncPlace(destination, s => Name(destination, s))], needsTag: false, null);
            if (!IsNoName(source, Take))
            {
                Take();
            }
        }
    }

    // In a Docker archive an image without a name keeps the one it has, so that one archive takes many.
    private static ImageLocation Name(GivenDestination destination, ImageReference source)
    {
        destination.RefuseSlip(source == Nameless ? null : source);
        var location = destination.Exact(null).WithDefaultTag();
        return source == Nameless ? location : location.WithDockerName(source);
    }

    /// <inheritdoc/>
    protected override void EndProcessing() => RunAll();
}
