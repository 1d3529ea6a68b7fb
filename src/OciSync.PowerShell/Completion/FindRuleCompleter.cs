using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using OciSync.Core.Finding.Facts;

namespace OciSync.PowerShell.Completion;

/// <summary>Offers the names of the rules by which images are found.</summary>
public sealed class FindRuleCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        FindRules.All.Where(r => r.StartsWith(wordToComplete, StringComparison.OrdinalIgnoreCase)).Select(r => new CompletionResult(r));
}
