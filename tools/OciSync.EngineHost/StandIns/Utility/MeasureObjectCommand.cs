using System.Management.Automation;
using System.Management.Automation.Internal;

namespace OciSync.EngineHost.StandIns.Utility;

[Cmdlet(VerbsDiagnostic.Measure, "Object")]
public sealed class MeasureObjectCommand : PSCmdlet
{
    private readonly List<double> _values = [];
    private int _count;

    [Parameter(ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; }

    [Parameter(Position = 0)]
    public string? Property { get; set; }

    [Parameter]
    public SwitchParameter Sum { get; set; }

    [Parameter]
    public SwitchParameter Average { get; set; }

    [Parameter]
    public SwitchParameter Maximum { get; set; }

    [Parameter]
    public SwitchParameter Minimum { get; set; }

    private bool NeedsNumbers => Sum || Average || Maximum || Minimum;

    protected override void ProcessRecord()
    {
        if (InputObject is null || InputObject == AutomationNull.Value)
        {
            return;
        }

        var value = Property is null ? InputObject : InputObject.Properties[Property]?.Value;
        if (value is null)
        {
            return;
        }

        _count++;
        if (NeedsNumbers)
        {
            AddNumber(value);
        }
    }

    protected override void EndProcessing()
    {
        var some = _values.Count > 0;
        WriteObject(new MeasureInfo(
            _count,
            Average && some ? _values.Average() : null,
            Sum && some ? _values.Sum() : null,
            Maximum && some ? _values.Max() : null,
            Minimum && some ? _values.Min() : null,
            Property));
    }

    private void AddNumber(object value)
    {
        if (LanguagePrimitives.TryConvertTo<double>(value, out var number))
        {
            _values.Add(number);
            return;
        }

        var exception = new PSInvalidCastException($"Input object \"{value}\" is not numeric.");
        WriteError(new ErrorRecord(exception, "NonNumericInputObject", ErrorCategory.InvalidType, value));
    }
}
