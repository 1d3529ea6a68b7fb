using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace OciSync.PowerShell.Completion;

/// <summary>Completes from names this session has seen; it never asks the network.</summary>
public abstract class NameCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var word = (wordToComplete ?? string.Empty).Trim('\'', '"');
        return FindNames().Where(n => n.StartsWith(word, StringComparison.OrdinalIgnoreCase)).OrderBy(n => n, StringComparer.Ordinal)
            .Select(n => new CompletionResult(n, n, CompletionResultType.ParameterValue, n));
    }

    private protected abstract IEnumerable<string> FindNames();
}
