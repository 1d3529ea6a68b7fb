using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using OciSync.Core.Versions;

namespace OciSync.PowerShell.Completion;

/// <summary>Completes from names this session has seen, versions in their order; it never asks the network.</summary>
public abstract class NameCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var word = (wordToComplete ?? string.Empty).Trim('\'', '"');
        return Complete(word);
    }

    private protected virtual IEnumerable<CompletionResult> Complete(string word) =>
        FindNames().Where(n => n.StartsWith(word, StringComparison.OrdinalIgnoreCase)).Select(n => (Name: n, Colon: ColonOfTag(n)))
            .OrderBy(n => n.Name.Substring(0, n.Colon), StringComparer.Ordinal).ThenBy(n => TagVersion.Parse(n.Name.Substring(n.Colon).TrimStart(':')))
            .Select(n => new CompletionResult(n.Name, n.Name, CompletionResultType.ParameterValue, n.Name));

    private protected abstract IEnumerable<string> FindNames();

    // A colon before a slash is that of a port.
    private static int ColonOfTag(string name)
    {
        var colon = name.LastIndexOf(':');
        return colon > name.LastIndexOf('/') ? colon : name.Length;
    }
}
