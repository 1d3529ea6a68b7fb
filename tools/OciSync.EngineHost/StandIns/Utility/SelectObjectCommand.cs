using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Internal;
using OciSync.EngineHost.Hosting;

namespace OciSync.EngineHost.StandIns.Utility;

[Cmdlet(VerbsCommon.Select, "Object", DefaultParameterSetName = "DefaultParameter")]
public sealed class SelectObjectCommand : PSCmdlet
{
    private readonly List<PSObject> _uniques = [];
    private readonly ValueComparer _comparer = new(caseSensitive: true);
    private IReadOnlyList<PropertyProjection> _projections = [];
    private WildcardPattern[] _excluded = [];
    private SelectionWindow? _window;

    [Parameter(ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; }

    [Parameter(Position = 0, ParameterSetName = "DefaultParameter")]
    [Parameter(Position = 0, ParameterSetName = "SkipLastParameter")]
    public object[]? Property { get; set; }

    [Parameter]
    public string[]? ExcludeProperty { get; set; }

    [Parameter]
    public string? ExpandProperty { get; set; }

    [Parameter]
    public SwitchParameter Unique { get; set; }

    [Parameter(ParameterSetName = "DefaultParameter")]
    [ValidateRange(0, int.MaxValue)]
    public int? First { get; set; }

    [Parameter(ParameterSetName = "DefaultParameter")]
    [ValidateRange(0, int.MaxValue)]
    public int? Last { get; set; }

    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int Skip { get; set; }

    [Parameter(ParameterSetName = "SkipLastParameter")]
    [ValidateRange(0, int.MaxValue)]
    public int SkipLast { get; set; }

    protected override void BeginProcessing()
    {
        var properties = ExcludeProperty is not null && Property is null or [] ? ["*"] : Property;
        _projections = PropertyProjection.ParseAll(properties, "Name", "Label", "Expression");
        _excluded = [.. (ExcludeProperty ?? []).Select(static p => new WildcardPattern(p, WildcardOptions.IgnoreCase))];
        _window = new SelectionWindow(First, Last, Skip, SkipLast);
    }

    protected override void ProcessRecord()
    {
        if (InputObject is null || InputObject == AutomationNull.Value)
        {
            return;
        }

        if (_window!.Add(InputObject) is { } ready)
        {
            Project(ready);
        }

        if (_window.IsDone)
        {
            EndProcessing();
            throw EngineInternals.StopUpstream(this);
        }
    }

    protected override void EndProcessing()
    {
        foreach (var input in _window!.TakeRest())
        {
            Project(input);
        }

        foreach (var unique in _uniques)
        {
            WriteObject(unique);
        }

        _uniques.Clear();
    }

    private void Project(PSObject input)
    {
        if (_projections.Count == 0 && ExpandProperty is null)
        {
            Emit(input);
            return;
        }

        var notes = Notes(input);
        if (ExpandProperty is not null)
        {
            Expand(input, notes);
            return;
        }

        var result = new PSObject();
        result.TypeNames.Insert(0, "Selected." + input.BaseObject.GetType());
        AddNotes(result, notes, "AlreadyExistingUserSpecifiedPropertyNoExpand", input);
        Emit(result);
    }

    private List<PSNoteProperty> Notes(PSObject input) =>
    [
        .. from projection in _projections
           from pair in projection.Values(input)
           where !Array.Exists(_excluded, pattern => pattern.IsMatch(pair.Key))
           select new PSNoteProperty(pair.Key, pair.Value),
    ];

    private void Expand(PSObject input, List<PSNoteProperty> notes)
    {
        var expansion = PropertyProjection.ParseAll([ExpandProperty])[0];
        if (!expansion.Exists(input))
        {
            var exception = new PSArgumentException($"Property \"{ExpandProperty}\" cannot be found.");
            WriteError(new ErrorRecord(exception, "ExpandPropertyNotFound", ErrorCategory.InvalidArgument, input));
            return;
        }

        var value = expansion.FirstValue(input);
        IEnumerable values = LanguagePrimitives.GetEnumerable(value) ?? new[] { value };
        foreach (var item in values)
        {
            if (item is not null)
            {
                var expanded = notes.Count > 0 ? PSObject.AsPSObject(item).Copy() : PSObject.AsPSObject(item);
                AddNotes(expanded, notes, "AlreadyExistingUserSpecifiedPropertyExpand", input);
                Emit(expanded);
            }
        }
    }

    private void AddNotes(PSObject target, List<PSNoteProperty> notes, string errorId, PSObject input)
    {
        foreach (var note in notes)
        {
            if (target.Properties[note.Name] is null)
            {
                target.Properties.Add(note);
                continue;
            }

            var exception = new PSArgumentException($"The property cannot be processed because the property \"{note.Name}\" already exists.");
            WriteError(new ErrorRecord(exception, errorId, ErrorCategory.InvalidOperation, input));
        }
    }

    private void Emit(PSObject value)
    {
        if (!Unique)
        {
            WriteObject(value);
        }
        else if (!_uniques.Exists(known => SameValue(known, value)))
        {
            _uniques.Add(value);
        }
    }

    private bool SameValue(PSObject first, PSObject second)
    {
        if (_projections.Count == 0 || first.BaseObject is not PSCustomObject)
        {
            return _comparer.Compare(first, second) == 0;
        }

        return first.Properties.Count() == second.Properties.Count()
            && first.Properties.All(p => second.Properties[p.Name] is { } other && _comparer.Compare(p.Value, other.Value) == 0);
    }
}
