using System.Management.Automation;

namespace OciSync.EngineHost.StandIns.Utility;

[Cmdlet(VerbsData.Group, "Object")]
public sealed class GroupObjectCommand : PSCmdlet
{
    private readonly List<GroupInfo> _groups = [];
    private readonly ValueComparer _comparer = new(caseSensitive: false);
    private IReadOnlyList<PropertyProjection> _projections = [];

    [Parameter(ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; }

    [Parameter(Position = 0)]
    public object[]? Property { get; set; }

    [Parameter]
    public SwitchParameter NoElement { get; set; }

    protected override void BeginProcessing() => _projections = PropertyProjection.ParseAll(Property, "Expression");

    protected override void ProcessRecord()
    {
        if (InputObject is not { } input || input == System.Management.Automation.Internal.AutomationNull.Value)
        {
            return;
        }

        object?[] values = _projections.Count == 0 ? [input] : [.. _projections.Select(p => p.FirstValue(input))];
        var group = _groups.Find(g => !g.Values.Where((value, i) => _comparer.Compare(value, values[i]) != 0).Any());
        if (group is null)
        {
            _groups.Add(group = new GroupInfo(values, keepMembers: !NoElement));
        }

        group.Add(input);
    }

    protected override void EndProcessing()
    {
        var order = Comparer<GroupInfo>.Create((x, y) =>
            x.Values.Select((value, i) => _comparer.Compare(value, y.Values[i])).FirstOrDefault(static r => r != 0));
        WriteObject(_groups.Order(order), enumerateCollection: true);
    }
}
