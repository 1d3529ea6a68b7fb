using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace OciSync.EngineHost.Tests.Scripts;

/// <summary>What a script calls, held against what the host has.</summary>
internal sealed class ScriptCommands
{
    private static readonly string[] s_programs = ["dotnet", "apt-get", "sudo"];

    private readonly Dictionary<string, string[]> _host;
    private readonly HashSet<string> _functions;

    public ScriptCommands(IEnumerable<string> scripts)
    {
        _host = HostCommands();
        _functions = new HashSet<string>(
            scripts.SelectMany(static file => All<FunctionDefinitionAst>(Parse(file))).Select(static function => function.Name),
            StringComparer.OrdinalIgnoreCase);
    }

    public static ScriptBlockAst Parse(string file)
    {
        var script = Parser.ParseFile(Path.Combine(Repository.Top, file), out _, out var errors);
        Assert.Empty(errors.Select(static error => $"{error.Extent.File}:{error.Extent.StartLineNumber} {error.Message}"));
        return script;
    }

    /// <summary>One line for each command or parameter that the host lacks.</summary>
    public IEnumerable<string> Problems(ScriptBlockAst script)
    {
        foreach (var command in All<CommandAst>(script))
        {
            // A command in a variable is not known before it runs.
            if (command.GetCommandName() is not { } name || _functions.Contains(name) || s_programs.Contains(name) || IsOurs(name))
            {
                continue;
            }

            if (!_host.TryGetValue(name, out var known))
            {
                yield return $"{Place(command)} {name}";
                continue;
            }

            foreach (var parameter in command.CommandElements.OfType<CommandParameterAst>().Where(p => !Has(known, p.ParameterName)))
            {
                yield return $"{Place(parameter)} {name} -{parameter.ParameterName}";
            }
        }
    }

    private static bool IsOurs(string name) => name.Contains("-Oci", StringComparison.OrdinalIgnoreCase);

    private static string Place(Ast ast) => $"{Path.GetFileName(ast.Extent.File)}:{ast.Extent.StartLineNumber}";

    private static IEnumerable<T> All<T>(ScriptBlockAst script)
        where T : Ast => script.FindAll(static ast => ast is T, searchNestedScriptBlocks: true).Cast<T>();

    // A parameter may be cut short as long as it stays clear.
    private static bool Has(string[] parameters, string typed) =>
        parameters.Contains(typed, StringComparer.OrdinalIgnoreCase)
        || parameters.Count(name => name.StartsWith(typed, StringComparison.OrdinalIgnoreCase)) == 1;

    /// <summary>Names, aliases included, and what parameters each has; the engine's aliases of commands that it lacks are left out.</summary>
    private static Dictionary<string, string[]> HostCommands()
    {
        const string script = """
            foreach ($command in Get-Command -CommandType Cmdlet, Function, Alias -ListImported) {
                $target = $command
                while ($target -is [System.Management.Automation.AliasInfo]) { $target = $target.ResolvedCommand }
                if ($target) { @{ Name = $command.Name; Parameters = @($target.Parameters.Values | ForEach-Object { $_.Name; $_.Aliases }) } }
            }
            """;
        var (output, errors) = Engine.Run(script);
        Assert.Empty(errors);
        var commands = new Dictionary<string, string[]>(StringComparer.OrdinalIgnoreCase);
        foreach (var table in output.Select(static item => (Hashtable)item.BaseObject))
        {
            commands.TryAdd((string)table["Name"]!, LanguagePrimitives.ConvertTo<string[]>(table["Parameters"]));
        }

        return commands;
    }
}
