using System.Management.Automation;
using OciSync.Core.Requests;
using OciSync.Core.Rows;
using OciSync.PowerShell.Parameters;

namespace OciSync.PowerShell.Commands;

/// <summary>The rows that Sync-OciImage would give, by reading alone.</summary>
[Cmdlet(VerbsData.Compare, "OciImage", HelpUri = HelpPages.Folder + "Compare-OciImage.md", DefaultParameterSetName = EntrySet)]
[OutputType(typeof(OciSyncResult))]
public sealed class CompareOciImageCommand : SyncOciImageCommand
{
    /// <summary>Also versions of the sources above the newest at their destinations.</summary>
    [Parameter]
    public SwitchParameter Newer { get; set; }

    private protected override string ActivityName => "Compare images";

    private protected override bool IsQuiet => true;

    private protected override bool IsReading => true;

    private protected override SyncRequest CreateRequest() => base.CreateRequest() with { Newer = Newer };
}
