using System.Management.Automation;

namespace OciSync.PowerShell.Shared.Copying;

/// <content>What goes along with images, and what is left out of them.</content>
public abstract partial class CopyingCmdlet
{
    /// <summary>Signatures, SBOMs and other referrers of the images, of their platforms and of each other come along.</summary>
    [Parameter]
    [Alias("Referrers")]
    public SwitchParameter IncludeReferrer { get; set; }

    /// <summary>OCI layouts, or lock files, of images the other side has: their blobs are left out of the layout that is written.</summary>
    [Parameter]
    [SupportsWildcards]
    public string[] Baseline { get; set; } = [];
}
