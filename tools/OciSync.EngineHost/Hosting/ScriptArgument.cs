using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Text.RegularExpressions;

namespace OciSync.EngineHost.Hosting;

/// <summary>Turns command line words into parameters of a script, by the rules of <c>pwsh -File</c>.</summary>
public static partial class ScriptArgument
{
    public static CommandParameter Parse(string word)
    {
        var match = ParameterPattern().Match(word ?? throw new ArgumentNullException(nameof(word)));
        if (!match.Success)
        {
            return new CommandParameter(null, word);
        }

        // With its dash the engine binds it as a word of the command line: a switch needs no value.
        var name = match.Groups["name"].Value;
        return match.Groups["value"] is { Success: true, Length: > 0 } value
            ? new CommandParameter(name, BooleanOrText(value.Value))
            : new CommandParameter(name);
    }

    private static object BooleanOrText(string text) => text.ToUpperInvariant() switch
    {
        "$TRUE" => (SwitchParameter)true,
        "$FALSE" => (SwitchParameter)false,
        _ => text,
    };

    [GeneratedRegex(@"^(?<name>-[\p{L}_?][^:]*)(:(?<value>.*))?$", RegexOptions.Singleline)]
    private static partial Regex ParameterPattern();
}
