namespace OciSync.Core.Yaml;

/// <summary>
/// A value of a foreign document (YAML, JSON, or objects of PowerShell) with its place in the text. Scalars are what was written: 1.10 stays
/// 1.10. An aliased value is the same node in several places.
/// </summary>
internal sealed class SourceNode
{
    private static readonly List<SourceNode> NoItems = [];
    private static readonly List<SourcePair> NoPairs = [];

    // Null until it is asked for, where the text is what stands in the source.
    private string? _text = string.Empty;

    internal SourceNode(SourceText source, YamlKind kind, int start)
    {
        Source = source;
        Kind = kind;
        Start = start;
        Items = kind == YamlKind.Sequence ? [] : NoItems;
        Pairs = kind == YamlKind.Mapping ? [] : NoPairs;
    }

    /// <summary>The text it stands in.</summary>
    internal SourceText Source { get; }

    internal YamlKind Kind { get; }

    /// <summary>Where it begins, inside the quotes; of a block scalar, its indicator.</summary>
    internal int Start { get; }

    /// <summary>How many UTF-16 units are written there; of a block scalar up to the next value.</summary>
    internal int Length { get; set; }

    /// <summary>The text of a scalar.</summary>
    internal string Text
    {
        get => _text ??= Source.Text.Substring(Start, Length);
        init => _text = value;
    }

    internal SourceStyle Style { get; init; }

    /// <summary>The local tag of a scalar or sequence, such as <c>!reset</c>; null for none and for the standard ones.</summary>
    internal string? Tag { get; init; }

    internal List<SourceNode> Items { get; }

    internal List<SourcePair> Pairs { get; }

    /// <summary>It, or a value in it, has a key that is no text, as <c>{{ … }}</c> without quotes becomes.</summary>
    internal bool HasOddKey { get; set; }

    /// <summary>A scalar whose text stands in the source as it is.</summary>
    internal static SourceNode Written(SourceText source, int start, int length, SourceStyle style) =>
        new(source, YamlKind.Scalar, start) { Length = length, Style = style, _text = null };

    internal bool IsScalar => Kind == YamlKind.Scalar;

    /// <summary>Whether nothing was written, or null (YAML 1.2, 10.3.2).</summary>
    internal bool IsNull => IsScalar && !(_text is null && Length > 4) && (Style == SourceStyle.Empty
        || (Style is SourceStyle.Plain or SourceStyle.JsonWord && Text is "" or "~" or "null" or "Null" or "NULL"));

    /// <summary>The value of a key, or null where there is none or it is nothing.</summary>
    internal SourceNode? Find(string key)
    {
        foreach (var pair in Pairs)
        {
            if (pair.Key == key)
            {
                return pair.Value.IsNull ? null : pair.Value;
            }
        }

        return null;
    }

    /// <summary>The value of a key that is there, be it nothing.</summary>
    internal SourceNode? FindWritten(string key)
    {
        foreach (var pair in Pairs)
        {
            if (pair.Key == key)
            {
                return pair.Value;
            }
        }

        return null;
    }

    /// <summary>The value of the way through several mappings.</summary>
    internal SourceNode? Find(params string[] keys)
    {
        var node = this;
        foreach (var key in keys)
        {
            node = node?.Find(key);
        }

        return node;
    }

    /// <summary>The text of a key's scalar, or null where there is none or it is empty.</summary>
    internal string? TextOf(string key) => Find(key) is { IsScalar: true, Text.Length: > 0 } value ? value.Text : null;
}
