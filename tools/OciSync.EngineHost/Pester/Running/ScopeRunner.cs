using System.Collections;
using System.Collections.ObjectModel;
using System.Globalization;
using System.Management.Automation;
using System.Text;
using System.Text.RegularExpressions;

namespace OciSync.EngineHost.Pester.Running;

/// <summary>Runs script blocks of tests in the scopes that Pester gives them.</summary>
internal sealed partial class ScopeRunner(PSCmdlet cmdlet)
{
    private static readonly string s_scopeFile = Path.Combine(AppContext.BaseDirectory, "Pester", "ScriptScope.ps1");

    private static readonly ScriptBlock s_newScope = ScriptBlock.Create("param($____action) $____action.Invoke()");

    private static readonly ScriptBlock s_newFileScope = ScriptBlock.Create("param($____file, $____action) & $____file $____action");

    private static int s_count;

    public void InNewScope(Action action) => Invoke(true, s_newScope, action);

    public void InFileScope(Action action) => Invoke(true, s_newFileScope, s_scopeFile, action);

    /// <summary>Runs a block in the current scope, so that its variables stay; gives back what it threw.</summary>
    public ErrorRecord? DotSource(ScriptBlock block) => Collect('.', block);

    /// <summary>Runs a block, or a script file by its path, in a scope of its own.</summary>
    public ErrorRecord? Call(object blockOrFile) => Collect('&', blockOrFile);

    /// <summary>Makes an element of -ForEach visible: as $_, and a hashtable's keys as variables too.</summary>
    public void Define(object? data)
    {
        var variables = cmdlet.SessionState.PSVariable;
        variables.Set("_", data);
        if ((data is PSObject wrapped ? wrapped.BaseObject : data) is IDictionary table)
        {
            foreach (DictionaryEntry entry in table)
            {
                variables.Set(LanguagePrimitives.ConvertTo<string>(entry.Key), entry.Value);
            }
        }
    }

    /// <summary>Fills in the &lt;templates&gt; of a name from what is visible in the current scope.</summary>
    public string Expand(string name)
    {
        if (!name.Contains('<', StringComparison.Ordinal))
        {
            return name;
        }

        var text = new StringBuilder("\"");
        var last = 0;
        foreach (Match match in TemplatePattern().Matches(name))
        {
            text.Append(Escape(name[last..match.Index]));
            text.Append(match.Groups["path"].Success ? $"$(${match.Groups["path"].Value})" : match.Groups["bracket"].Value);
            last = match.Index + match.Length;
        }

        text.Append(Escape(name[last..])).Append('"');
        return string.Concat(Invoke(false, ScriptBlock.Create(text.ToString())));
    }

    private static string Escape(string text) => SpecialPattern().Replace(text, "`$0");

    // Inside try, what ends a statement ends the test, as in Pester. The list has a name of its own each time: the wrapper
    // has no scope of its own, and a nested one must not take its place.
    private ErrorRecord? Collect(char callOperator, object block)
    {
        var errors = new List<ErrorRecord>();
        var name = "____errors" + Interlocked.Increment(ref s_count).ToString(CultureInfo.InvariantCulture);
        var wrapper = $"param($____block, ${name}) try {{ $null = {callOperator} $____block }} catch {{ ${name}.Add($_) }}";
        Invoke(false, ScriptBlock.Create(wrapper), block, errors);
        return errors.FirstOrDefault();
    }

    private Collection<PSObject> Invoke(bool newScope, ScriptBlock script, params object[] arguments) =>
        cmdlet.InvokeCommand.InvokeScript(newScope, script, null, arguments);

    [GeneratedRegex("`(?<bracket>[<>])|<(?<path>[^>`]+)>")]
    private static partial Regex TemplatePattern();

    [GeneratedRegex("[`\"$]")]
    private static partial Regex SpecialPattern();
}
