using System.Text.Json;

namespace OciSync.Core.Signing;

/// <summary>Reads where keys come from. Null means that the key of the policy is missing, or counts as missing.</summary>
internal static class KeyReader
{
    /// <summary>A text that isn't empty.</summary>
    internal static string? Word(PlacedJson value, string name) => value.Find(name)?.RequireText() is { Length: > 0 } text ? text : null;

    /// <summary>A file.</summary>
    internal static KeySource? Path(PlacedJson value, string name) => Word(value, name) is { } path ? KeySource.OfFiles(path) : null;

    /// <summary>Files. An empty list is a mistake, or a list that nothing is signed by.</summary>
    internal static KeySource? Paths(PlacedJson value, string name, bool emptyAllowed)
    {
        var list = Listed(value, name, emptyAllowed);
        return list is null ? null : KeySource.OfFiles([.. list.Select(i => i.RequireText())]);
    }

    /// <summary>A key in base64; an empty one counts as given.</summary>
    internal static KeySource? Data(PlacedJson value, string name) =>
        value.Find(name) is { Kind: not JsonValueKind.Null } data ? KeySource.OfData(Decode(data)) : null;

    /// <summary>A file or a key in base64, not both.</summary>
    internal static KeySource? OneOf(PlacedJson value, string path, string data)
    {
        var (file, key) = (Path(value, path), Data(value, data));
        return file is not null && key is not null ? throw value.Fault($"{path} and {data} can't be used together") : file ?? key;
    }

    /// <summary>What of a path, paths, a key and keys is given.</summary>
    internal static IReadOnlyList<KeySource> All(PlacedJson value, params string[] names)
    {
        var keys = Listed(value, names[3], emptyAllowed: false);
        var all = new[]
        {
            Path(value, names[0]), Paths(value, names[1], emptyAllowed: false), Data(value, names[2]),
            keys is null ? null : KeySource.OfData([.. keys.Select(Decode)]),
        };
        return [.. all.OfType<KeySource>()];
    }

    private static IReadOnlyList<PlacedJson>? Listed(PlacedJson value, string name, bool emptyAllowed)
    {
        var list = value.Find(name);
        if (list is null || (emptyAllowed && list.Kind == JsonValueKind.Null))
        {
            return null;
        }

        return list.RequireList().Count == 0 && !emptyAllowed ? throw list.Fault("the list is empty") : list.Items;
    }

    // RFC 4648, section 4, with its padding; line breaks are passed over, as Go's decoder does, and no other white space.
    private static byte[] Decode(PlacedJson value)
    {
        var text = value.RequireText().Replace("\r", string.Empty).Replace("\n", string.Empty);
        try
        {
            return text.Any(char.IsWhiteSpace) ? throw value.Fault("it is not base64: it has a space in it") : Convert.FromBase64String(text);
        }
        catch (FormatException e) when (e is not PolicyFaultException)
        {
            throw value.Fault("it is not base64");
        }
    }
}
