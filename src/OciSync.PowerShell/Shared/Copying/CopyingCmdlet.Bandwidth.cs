using System.Management.Automation;

namespace OciSync.PowerShell.Shared.Copying;

/// <content>How much of the line the work may take.</content>
public abstract partial class CopyingCmdlet
{
    /// <summary>Bytes a second that blobs may take in each direction, of all registries together: 10MB.</summary>
    [Parameter]
    [ValidateRange(16 * 1024L, 1L << 50)]
    public long BandwidthLimit { get; set; }

    private long? Bandwidth => MyInvocation.BoundParameters.ContainsKey(nameof(BandwidthLimit)) ? BandwidthLimit : null;
}
