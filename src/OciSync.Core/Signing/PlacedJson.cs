using System.Text;
using System.Text.Json;
using OciSync.Core.Text;

namespace OciSync.Core.Signing;

/// <summary>A value of a JSON text that knows where it stands. Objects have their members in the order of the text, each name once.</summary>
internal sealed class PlacedJson
{
    private const int LongestName = 100;

    private readonly byte[] _source;
    private readonly int _offset;
    private readonly int _index;

    internal PlacedJson(byte[] source, int offset, PlacedJson? parent, string? name, int index)
    {
        _source = source;
        _offset = offset;
        _index = index;
        Parent = parent;
        Name = name;
    }

    /// <summary>What kind of value it is.</summary>
    internal JsonValueKind Kind { get; init; }

    /// <summary>The text of a string, else empty.</summary>
    internal string Text { get; init; } = string.Empty;

    /// <summary>The values of an array or object; those of an object have names.</summary>
    internal List<PlacedJson> Items { get; } = [];

    /// <summary>The name in the object around it; null in an array and for the whole text.</summary>
    internal string? Name { get; }

    /// <summary>The array or object around it.</summary>
    internal PlacedJson? Parent { get; }

    /// <summary>The member of this name, or null.</summary>
    internal PlacedJson? Find(string name) => Items.FirstOrDefault(i => i.Name == name);

    /// <summary>The same value, which has to be an object; <c>null</c> is none.</summary>
    /// <exception cref="PolicyFaultException">It is something else.</exception>
    internal PlacedJson RequireObject() => Kind == JsonValueKind.Object ? this : throw Fault($"it has to be an object {{…}}, and is {KindName}");

    /// <summary>The values of a list; <c>null</c> is an empty one, as Go's reader takes it.</summary>
    /// <exception cref="PolicyFaultException">It is something else.</exception>
    internal IReadOnlyList<PlacedJson> RequireList() =>
        Kind is JsonValueKind.Array or JsonValueKind.Null ? Items : throw Fault($"it has to be a list […], and is {KindName}");

    /// <summary>The text of a string; <c>null</c> is an empty one, as Go's reader takes it.</summary>
    /// <exception cref="PolicyFaultException">It is something else.</exception>
    internal string RequireText() =>
        Kind is JsonValueKind.String or JsonValueKind.Null ? Text : throw Fault($"it has to be a text in quotes, and is {KindName}");

    /// <summary>An object with no other members than these.</summary>
    /// <exception cref="PolicyFaultException">It is no object, or has another member.</exception>
    internal PlacedJson RequireOnly(params string[] names)
    {
        foreach (var member in RequireObject().Items.Where(m => !names.Contains(m.Name)))
        {
            var meant = names.FirstOrDefault(n => n.Equals(member.Name, StringComparison.OrdinalIgnoreCase));
            throw member.Fault(meant is null
                ? $"this key is not known here; known are {string.Join(", ", names)}"
                : $"this key is not known here; it is written {meant}");
        }

        return this;
    }

    /// <summary>An object with these members, all of them and no others.</summary>
    /// <exception cref="PolicyFaultException">It is no object, has another member, or lacks one.</exception>
    internal PlacedJson RequireExactly(params string[] names)
    {
        RequireOnly(names);
        return names.FirstOrDefault(n => Find(n) is null) is { } missing ? throw Fault($"the key {missing} is missing") : this;
    }

    /// <summary>A failure that tells where this value stands.</summary>
    internal PolicyFaultException Fault(string fault) => At(_source, _offset, fault, Path());

    /// <summary>A failure at a byte of the text.</summary>
    internal static PolicyFaultException At(byte[] source, int offset, string fault, string path, Exception? inner = null)
    {
        var end = Math.Min(offset, source.Length);
        var start = end == 0 ? 0 : Array.LastIndexOf(source, (byte)'\n', end - 1) + 1;
        return new PolicyFaultException(fault, source.Take(end).Count(b => b == '\n') + 1, end - start + 1, path, inner);
    }

    /// <summary>The way from the whole text to here: <c>transports.docker["quay.io"][0]</c>.</summary>
    internal string Path()
    {
        var steps = new Stack<string>();
        for (var value = this; value.Parent is not null; value = value.Parent)
        {
            steps.Push(value.Name is null ? $"[{value._index}]" : IsWord(value.Name) ? "." + value.Name : $"[\"{Shorten(value.Name)}\"]");
        }

        var path = new StringBuilder();
        foreach (var step in steps)
        {
            path.Append(step);
        }

        return Printable.Line(path.ToString().TrimStart('.'));
    }

    private string KindName => Kind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        _ => "true or false",
    };

    private static string Shorten(string name) => name.Length <= LongestName ? name : name.Substring(0, LongestName) + "…";

    private static bool IsWord(string name) =>
        name.Length is > 0 and <= LongestName && name.All(c => c is >= 'a' and <= 'z' or >= 'A' and <= 'Z' or '-');
}
