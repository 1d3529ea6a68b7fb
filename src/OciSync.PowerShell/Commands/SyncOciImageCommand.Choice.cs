using System.Management.Automation;
using OciSync.Core.Tags;
using OciSync.PowerShell.Shared;

namespace OciSync.PowerShell.Commands;

/// <content>The parameters that choose tags, in the order in which PowerShell shows them.</content>
[SharedParameters(typeof(ChoosingParameters))]
public partial class SyncOciImageCommand
{
    public partial string[] Include { get; set; }
    public partial string[] Exclude { get; set; }
    public partial string[] IncludeRegex { get; set; }
    public partial string[] ExcludeRegex { get; set; }
    public partial string[] ExcludeKeyword { get; set; }
    public partial string? VersionRange { get; set; }
    public partial int Latest { get; set; }
    public partial TagLine Per { get; set; }
    public partial string[] Family { get; set; }
    public partial int SkipLatest { get; set; }
    public partial SwitchParameter IncludeRolling { get; set; }
    public partial SwitchParameter IncludePrerelease { get; set; }
    public partial DateTime Since { get; set; }
    public partial DateTime Before { get; set; }
    public partial SwitchParameter AllTags { get; set; }
}
