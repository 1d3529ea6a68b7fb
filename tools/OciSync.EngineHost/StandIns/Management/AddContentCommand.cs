using System.Management.Automation;

namespace OciSync.EngineHost.StandIns.Management;

[Cmdlet(VerbsCommon.Add, "Content", DefaultParameterSetName = "Path")]
public sealed class AddContentCommand : ContentWriterCommand
{
    private protected override void Write(string file, string text) => File.AppendAllText(file, text, Encoding);
}
