using System.Management.Automation;

namespace OciSync.EngineHost.StandIns.Utility;

[Cmdlet(VerbsData.Compare, "Object")]
public sealed class CompareObjectCommand : PSCmdlet
{
    private readonly List<PSObject> _differences = [];

    [Parameter(Position = 0, Mandatory = true)]
    [AllowEmptyCollection]
    public PSObject[] ReferenceObject { get; set; } = [];

    [Parameter(Position = 1, Mandatory = true, ValueFromPipeline = true)]
    [AllowEmptyCollection]
    public PSObject[] DifferenceObject { get; set; } = [];

    [Parameter]
    public object[]? Property { get; set; }

    protected override void ProcessRecord() => _differences.AddRange(DifferenceObject);

    protected override void EndProcessing()
    {
        var order = new SortOrder(PropertyProjection.ParseAll(Property, "Expression"), descending: false, new ValueComparer(caseSensitive: false));
        var unmatched = ReferenceObject.Select(order.KeyOf).ToList();
        foreach (var key in _differences.Select(order.KeyOf))
        {
            var match = unmatched.FindIndex(other => order.Compare(key, other) == 0);
            if (match >= 0)
            {
                unmatched.RemoveAt(match);
            }
            else
            {
                Write(key, "=>");
            }
        }

        unmatched.ForEach(key => Write(key, "<="));
    }

    private void Write(SortKey key, string side)
    {
        var row = new PSObject();
        if (Property is null)
        {
            row.Properties.Add(new PSNoteProperty("InputObject", key.Item));
        }
        else
        {
            var pairs = PropertyProjection.ParseAll(Property, "Expression").SelectMany(p => p.Values(key.Item));
            foreach (var pair in pairs)
            {
                row.Properties.Add(new PSNoteProperty(pair.Key, pair.Value));
            }
        }

        row.Properties.Add(new PSNoteProperty("SideIndicator", side));
        WriteObject(row);
    }
}
