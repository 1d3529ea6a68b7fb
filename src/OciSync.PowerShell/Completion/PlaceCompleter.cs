using System.Management.Automation;

namespace OciSync.PowerShell.Completion;

/// <summary>Names seen, and behind the name of a transport the files and folders that PowerShell would complete.</summary>
public abstract class PlaceCompleter : NameCompleter
{
    private static readonly string[] Transports = ["oci:", "dir:", "oci-archive:", "docker-archive:", "tarball:"];

    private protected override IEnumerable<CompletionResult> Complete(string word)
    {
        if (Transports.FirstOrDefault(t => word.StartsWith(t, StringComparison.Ordinal)) is { } transport)
        {
            return CompletionCompleters.CompleteFilename(word.Substring(transport.Length)).Select(f => Behind(transport, f));
        }

        var transports = Transports.Where(t => word.Length > 0 && t.StartsWith(word, StringComparison.Ordinal))
            .Select(t => new CompletionResult(t, t, CompletionResultType.ParameterValue, t));
        return base.Complete(word).Concat(transports);
    }

    // A path with a space comes in quotes, and they belong around the whole.
    private static CompletionResult Behind(string transport, CompletionResult file)
    {
        var path = file.CompletionText;
        var quote = path.Length > 1 && path[0] is '\'' or '"' ? path.Substring(0, 1) : string.Empty;
        return new CompletionResult(quote + transport + path.Substring(quote.Length), file.ListItemText, file.ResultType, file.ToolTip);
    }
}
