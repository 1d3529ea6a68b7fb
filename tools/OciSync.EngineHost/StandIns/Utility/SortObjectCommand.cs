using System.Management.Automation;

namespace OciSync.EngineHost.StandIns.Utility;

[Cmdlet("Sort", "Object")]
public sealed class SortObjectCommand : PSCmdlet
{
    private readonly List<PSObject> _input = [];

    [Parameter(ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; }

    [Parameter(Position = 0)]
    public object[]? Property { get; set; }

    [Parameter]
    public SwitchParameter Descending { get; set; }

    [Parameter]
    public SwitchParameter Unique { get; set; }

    [Parameter]
    public SwitchParameter CaseSensitive { get; set; }

    protected override void ProcessRecord()
    {
        if (InputObject is not null && InputObject != System.Management.Automation.Internal.AutomationNull.Value)
        {
            _input.Add(InputObject);
        }
    }

    protected override void EndProcessing()
    {
        var properties = PropertyProjection.ParseAll(Property, "Expression", "Ascending", "Descending");
        var order = new SortOrder(properties, Descending, new ValueComparer(CaseSensitive));
        SortKey? previous = null;

        // Enumerable.Order is stable, as the original's sort is from PowerShell 7 on.
        foreach (var key in _input.Select(order.KeyOf).Order(order))
        {
            if (!Unique || previous is null || order.Compare(previous, key) != 0)
            {
                WriteObject(key.Item);
            }

            previous = key;
        }
    }
}
