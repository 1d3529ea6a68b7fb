using OciSync.Core.Errors;
using Tomlyn.Model;

namespace OciSync.Core.Connections;

/// <summary>A table of a TOML file that knows its place, so that a fault can name file and key.</summary>
internal sealed class TomlNode(TomlTable table, string file, string place)
{
    internal string File { get; } = file;

    internal bool Has(string key) => table.ContainsKey(key);

    internal string? Text(string key) => !table.TryGetValue(key, out var value)
        ? null
        : value is string text ? text.Length == 0 ? null : text : throw WrongType(key, "a text in quotes", value);

    internal bool Flag(string key) => table.TryGetValue(key, out var value) && (value is bool flag ? flag : throw WrongType(key, "true or false", value));

    internal IEnumerable<TomlNode> Tables(string key)
    {
        if (!table.TryGetValue(key, out var value))
        {
            return [];
        }

        var tables = value switch
        {
            TomlTableArray array => array.ToList(),
            TomlArray { Count: 0 } => [],
            TomlArray list when list.All(i => i is TomlTable) => list.Cast<TomlTable>().ToList(),
            _ => throw WrongType(key, $"a list of [[{(place.Length == 0 ? key : "registry." + key)}]] tables", value),
        };
        return tables.Select((t, i) => new TomlNode(t, File, $"{NameOf(key)}[{i + 1}]"));
    }

    internal void NoteUnknown(string[] known, List<string> notes) =>
        notes.AddRange(table.Keys.Where(k => !known.Contains(k)).Select(k => $"'{File}': the key '{NameOf(k)}' is not known and was not used."));

    internal OciException Fault(string key, string fault) => new(OciErrorKind.ConfigurationInvalid, $"'{File}': '{NameOf(key)}' {fault}.");

    private OciException WrongType(string key, string wanted, object? value) =>
        Fault(
            key,
            $"must be {wanted}, and is {NameTypeOf(value)}");

    private static string NameTypeOf(object? value) => value switch
    {
        string => "a text",
        bool => "true or false",
        long or double => "a number",
        TomlTable => "a table",
        _ => "a list",
    };

    private string NameOf(string key) => place.Length == 0 ? key : place + "." + key;
}
