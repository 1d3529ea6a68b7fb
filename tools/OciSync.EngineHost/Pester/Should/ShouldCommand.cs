using System.Management.Automation;
using OciSync.EngineHost.Pester.Running;

namespace OciSync.EngineHost.Pester.Should;

/// <summary>One parameter set an operator; what an operator means is in <see cref="Assertion"/>.</summary>
[Cmdlet(VerbsLifecycle.Assert, "PesterShould")]
[Alias("Should")]
public sealed class ShouldCommand : PSCmdlet
{
    private readonly List<object?> _input = [];

    [Parameter(ValueFromPipeline = true)]
    [AllowNull]
    [AllowEmptyCollection]
    [AllowEmptyString]
    public object? ActualValue { get; set; }

    [Parameter(Position = 0, ParameterSetName = "Be")]
    [Parameter(Position = 0, ParameterSetName = "BeExactly")]
    [Parameter(Position = 0, ParameterSetName = "BeLike")]
    [Parameter(Position = 0, ParameterSetName = "HaveCount")]
    [Parameter(Position = 0, ParameterSetName = "Contain")]
    [Parameter(Position = 0, ParameterSetName = "BeIn")]
    [Parameter(Position = 0, ParameterSetName = "BeGreaterThan")]
    [Parameter(Position = 0, ParameterSetName = "BeGreaterOrEqual")]
    [Parameter(Position = 0, ParameterSetName = "BeLessThan")]
    [Parameter(Position = 0, ParameterSetName = "BeLessOrEqual")]
    [AllowNull]
    [AllowEmptyCollection]
    [AllowEmptyString]
    public object? ExpectedValue { get; set; }

    [Parameter(Position = 0, ParameterSetName = "Match")]
    public string RegularExpression { get; set; } = string.Empty;

    [Parameter(Position = 0, ParameterSetName = "BeOfType")]
    [Alias("Type")]
    public object? ExpectedType { get; set; }

    [Parameter(Position = 0, ParameterSetName = "Throw")]
    public string? ExpectedMessage { get; set; }

    [Parameter(Position = 1, ParameterSetName = "Throw")]
    public string? ErrorId { get; set; }

    [Parameter(Position = 2, ParameterSetName = "Throw")]
    public Type? ExceptionType { get; set; }

    [Parameter(ParameterSetName = "Throw")]
    public SwitchParameter PassThru { get; set; }

    [Parameter]
    public SwitchParameter Not { get; set; }

    [Parameter(Position = 1, ParameterSetName = "Be")]
    [Parameter(Position = 1, ParameterSetName = "BeExactly")]
    [Parameter(Position = 1, ParameterSetName = "BeLike")]
    [Parameter(Position = 1, ParameterSetName = "HaveCount")]
    [Parameter(Position = 1, ParameterSetName = "Contain")]
    [Parameter(Position = 1, ParameterSetName = "BeIn")]
    [Parameter(Position = 1, ParameterSetName = "BeGreaterThan")]
    [Parameter(Position = 1, ParameterSetName = "BeGreaterOrEqual")]
    [Parameter(Position = 1, ParameterSetName = "BeLessThan")]
    [Parameter(Position = 1, ParameterSetName = "BeLessOrEqual")]
    [Parameter(Position = 1, ParameterSetName = "Match")]
    [Parameter(Position = 1, ParameterSetName = "BeOfType")]
    [Parameter(Position = 3, ParameterSetName = "Throw")]
    [Parameter(Position = 0, ParameterSetName = "BeTrue")]
    [Parameter(Position = 0, ParameterSetName = "BeFalse")]
    [Parameter(Position = 0, ParameterSetName = "BeNullOrEmpty")]
    public string? Because { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = "Be")]
    [Alias("EQ")]
    public SwitchParameter Be { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = "BeExactly")]
    [Alias("CEQ")]
    public SwitchParameter BeExactly { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = "BeLike")]
    public SwitchParameter BeLike { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = "HaveCount")]
    public SwitchParameter HaveCount { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = "Contain")]
    public SwitchParameter Contain { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = "BeIn")]
    public SwitchParameter BeIn { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = "BeGreaterThan")]
    [Alias("GT")]
    public SwitchParameter BeGreaterThan { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = "BeGreaterOrEqual")]
    [Alias("GE")]
    public SwitchParameter BeGreaterOrEqual { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = "BeLessThan")]
    [Alias("LT")]
    public SwitchParameter BeLessThan { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = "BeLessOrEqual")]
    [Alias("LE")]
    public SwitchParameter BeLessOrEqual { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = "Match")]
    public SwitchParameter Match { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = "BeOfType")]
    public SwitchParameter BeOfType { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = "Throw")]
    public SwitchParameter Throw { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = "BeTrue")]
    public SwitchParameter BeTrue { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = "BeFalse")]
    public SwitchParameter BeFalse { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = "BeNullOrEmpty")]
    public SwitchParameter BeNullOrEmpty { get; set; }

    protected override void ProcessRecord() =>
        _input.Add(ActualValue is PSObject { BaseObject: not PSCustomObject } wrapped ? wrapped.BaseObject : ActualValue);

    protected override void EndProcessing()
    {
        if (ParameterSetName == nameof(Throw))
        {
            CheckThrow();
            return;
        }

        foreach (var actual in Subjects())
        {
            var (holds, wanted) = Assertion.Check(ParameterSetName, actual, Expected());
            if (holds == Not)
            {
                throw Fail($"Expected {Text.Of(actual)} {(Not ? "not " : string.Empty)}{wanted}{Reason}.");
            }
        }
    }

    private string Reason => string.IsNullOrWhiteSpace(Because) ? string.Empty : ", because " + Because;

    // Operators on collections see all of the input at once, the others see each item.
    private List<object?> Subjects() => ParameterSetName switch
    {
        nameof(Be) or nameof(BeExactly) or nameof(BeNullOrEmpty) or nameof(Contain) or nameof(HaveCount) =>
            [MyInvocation.ExpectingInput ? _input.ToArray() : ActualValue],
        _ when _input.Count == 0 => [null],
        _ => _input,
    };

    private object? Expected() => ParameterSetName switch
    {
        nameof(Match) => RegularExpression,
        nameof(BeOfType) => ExpectedType,
        _ => ExpectedValue,
    };

    private void CheckThrow()
    {
        if (_input is not [ScriptBlock block])
        {
            throw new ArgumentException("Input to Should -Throw must be one script block.");
        }

        var error = new ScopeRunner(this).Call(block);
        var problem = Not
            ? error is null ? null : $"Expected no exception{Reason}, but \"{error.Exception.Message}\" was thrown."
            : new ThrowExpectation(ExpectedMessage, ErrorId, ExceptionType).Problem(error, Reason);
        if (problem is not null)
        {
            throw Fail(problem);
        }

        if (PassThru && error is not null)
        {
            WriteObject(error);
        }
    }

    private RuntimeException Fail(string message)
    {
        var place = MyInvocation.ScriptName.Length == 0 ? string.Empty
            : $"{Environment.NewLine}at {MyInvocation.Line.Trim()}, {MyInvocation.ScriptName}:{MyInvocation.ScriptLineNumber}";
        return Commands.Failure.Throw("PesterAssertionFailed", message + place);
    }
}
