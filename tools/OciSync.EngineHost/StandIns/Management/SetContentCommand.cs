using System.Management.Automation;

namespace OciSync.EngineHost.StandIns.Management;

[Cmdlet(VerbsCommon.Set, "Content", DefaultParameterSetName = "Path")]
public sealed class SetContentCommand : ContentWriterCommand
{
    private protected override void Write(string file, string text) => File.WriteAllText(file, text, Encoding);
}
