using System.Text.RegularExpressions;

namespace OciSync.Core.Yaml;

/// <summary>A sync file while it is read: its name, its mistakes, and the environment its values may name.</summary>
internal sealed class SyncFileContext(string path, Func<string, string?> environment)
{
    private const int MostMistakes = 100;

    private static readonly Regex Variable = new(@"\$\$\{|\$\{(?<name>[A-Za-z_][A-Za-z0-9_]*)(?::-(?<else>[^}]*))?\}", RegexOptions.CultureInvariant);

    internal string Path { get; } = path;

    internal List<SyncFileMistake> Mistakes { get; } = [];

    internal List<string> Warnings { get; } = [];

    /// <summary>Whether <c>${NAME}</c> in values stands for a variable of the environment.</summary>
    internal bool HasVariables { get; set; }

    /// <summary>Whether files that the sync file names may be read; of a text alone none are.</summary>
    internal bool ReadsFiles { get; init; }

    internal string? Variables(string name) => environment(name) is { Length: > 0 } value ? value : null;

    /// <summary>A path of the file as a full one: a relative one is meant from the file's folder.</summary>
    internal string PathOf(string path) =>
        System.IO.Path.GetFullPath(System.IO.Path.Combine(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path))!, path));

    internal void Add(YamlNode place, string message)
    {
        if (Mistakes.Count < MostMistakes)
        {
            Mistakes.Add(new SyncFileMistake(Path, place.Line, place.Column, message));
        }
    }

    /// <summary>The text of a scalar; null and a mistake when it is something else.</summary>
    internal string? Text(YamlNode value, string what)
    {
        if (value.Kind != YamlKind.Scalar)
        {
            Add(value, $"{what} must be a text.");
            return null;
        }

        return HasVariables ? Expand(value) : value.Text;
    }

    /// <summary>A list of texts; one text is a list of one.</summary>
    internal IReadOnlyList<string> Texts(YamlNode value, string what)
    {
        var items = value.Kind switch
        {
            YamlKind.Sequence => value.Items,
            YamlKind.Scalar => [value],
            _ => [],
        };
        if (value.Kind == YamlKind.Mapping)
        {
            Add(value, $"{what} must be a list of texts.");
        }

        return items.Select(i => Text(i, "An item of " + what)).Where(t => t is not null).Select(t => t!).ToList();
    }

    private string Expand(YamlNode value) => Variable.Replace(value.Text, match =>
    {
        var name = match.Groups["name"];
        if (!name.Success)
        {
            return "${";
        }

        if (Variables(name.Value) is { } text)
        {
            return text;
        }

        if (match.Groups["else"].Success)
        {
            return match.Groups["else"].Value;
        }

        Add(value, $"The environment has no variable '{name.Value}'; set it, or write ${{{name.Value}:-default}}. A literal '${{' is written '$${{'.");
        return string.Empty;
    });
}
