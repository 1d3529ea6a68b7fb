using System.Management.Automation;
using Microsoft.PowerShell.Commands.Internal.Format;
using OciSync.EngineHost.Hosting;

namespace OciSync.EngineHost.StandIns.Utility;

[Cmdlet(VerbsCommon.Format, "Table")]
public sealed class FormatTableCommand : OuterFormatTableBase
{
    public FormatTableCommand() => EngineInternals.SetFormatShape(this, "Table");
}
