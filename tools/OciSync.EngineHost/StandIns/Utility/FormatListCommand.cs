using System.Management.Automation;
using Microsoft.PowerShell.Commands.Internal.Format;
using OciSync.EngineHost.Hosting;

namespace OciSync.EngineHost.StandIns.Utility;

[Cmdlet(VerbsCommon.Format, "List")]
public sealed class FormatListCommand : OuterFormatTableAndListBase
{
    public FormatListCommand() => EngineInternals.SetFormatShape(this, "List");
}
