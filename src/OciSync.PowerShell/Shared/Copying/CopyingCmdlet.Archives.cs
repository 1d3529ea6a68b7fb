using System.Management.Automation;

namespace OciSync.PowerShell.Shared.Copying;

/// <content>Archives as destinations.</content>
public abstract partial class CopyingCmdlet
{
    /// <summary>Writes an archive anew where there is one, and prunes without a question.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }
}
