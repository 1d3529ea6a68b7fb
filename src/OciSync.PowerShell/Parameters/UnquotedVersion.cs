using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Language;
using OciSync.Core.Errors;

namespace OciSync.PowerShell.Parameters;

/// <summary>
/// A version without quotes behind the command that gives the tags, as in <c>Get-OciTag x | Where-Object Version -ge 3.10</c>. PowerShell
/// reads the number 3.1, and Where-Object would tell of it once for each tag; here it is told once, before any tag is asked for. Out of reach
/// are tags in a variable, and what stands on a later line than the command: PowerShell shows a command its line alone.
/// </summary>
internal static class UnquotedVersion
{
    /// <summary>What is wrong in the rest of the pipeline, or null.</summary>
    internal static OciException? Find(InvocationInfo invocation)
    {
        if (invocation.PipelinePosition >= invocation.PipelineLength)
        {
            return null;
        }

        var parsed = Parser.ParseInput(invocation.Line, out _, out _);
        var number = parsed.FindAll(a => a is PipelineAst, searchNestedScriptBlocks: true).Cast<PipelineAst>()
            .SelectMany(p => Behind(p, invocation.InvocationName)).SelectMany(NumbersOf).FirstOrDefault(HasLostZero);
        return number is null ? null : new OciException(
            OciErrorKind.ChoiceInvalid,
            $"Version is compared with {number.Extent.Text}, which PowerShell reads as the number {Text(number.Value)}. "
                + $"Put versions in quotes: '{number.Extent.Text}'.");
    }

    private static IEnumerable<CommandAst> Behind(PipelineAst pipeline, string command) => pipeline.PipelineElements.OfType<CommandAst>()
        .SkipWhile(c => !string.Equals(c.GetCommandName(), command, StringComparison.OrdinalIgnoreCase)).Skip(1);

    // Where-Object Version -ge 3.10, and { $_.Version -ge 3.10 }.
    private static IEnumerable<ConstantExpressionAst> NumbersOf(CommandAst command)
    {
        var elements = command.CommandElements;
        for (var i = 0; i + 2 < elements.Count; i++)
        {
            if (elements[i] is StringConstantExpressionAst { Value: var name } && IsVersion(name)
                && elements[i + 1] is CommandParameterAst && elements[i + 2] is ConstantExpressionAst number)
            {
                yield return number;
            }
        }

        foreach (var comparison in command.FindAll(a => a is BinaryExpressionAst, searchNestedScriptBlocks: true).Cast<BinaryExpressionAst>())
        {
            if (comparison is { Left: MemberExpressionAst { Member: StringConstantExpressionAst { Value: var member } } }
                && comparison.Right is ConstantExpressionAst right && IsVersion(member))
            {
                yield return right;
            }
        }
    }

    private static bool IsVersion(string name) => string.Equals(name, nameof(Version), StringComparison.OrdinalIgnoreCase);

    // 3.10 is 3.1 for PowerShell; 3.1 is what it says, and the version itself refuses it as far as that may be 3.10.
    private static bool HasLostZero(ConstantExpressionAst number) =>
        number.Value is double && Text(number.Value) is var text && text.IndexOf('.') is > 0 and var point && point == text.Length - 2
        && number.Extent.Text != text;

    private static string Text(object value) => ((double)value).ToString("R", CultureInfo.InvariantCulture);
}
