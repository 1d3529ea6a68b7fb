using System.Management.Automation;

namespace OciSync.EngineHost.StandIns.Management;

[Cmdlet(VerbsCommon.Move, "Item", DefaultParameterSetName = "Path", SupportsShouldProcess = true)]
public sealed class MoveItemCommand : PathCommand
{
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    public string Destination { get; set; } = ".";

    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override void ProcessRecord() => ForEachPath(path =>
    {
        if (ShouldProcess(path, "Move"))
        {
            InvokeProvider.Item.Move([path], Destination, Force, IsLiteral);
        }
    });
}
