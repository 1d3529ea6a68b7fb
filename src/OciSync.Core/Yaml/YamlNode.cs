namespace OciSync.Core.Yaml;

/// <summary>A YAML value with its place. Scalars are the text that was written: 1.10 stays 1.10, yes stays yes.</summary>
internal sealed class YamlNode(YamlKind kind, int line, int column)
{
    internal YamlKind Kind { get; } = kind;

    /// <summary>The line in the file, from 1.</summary>
    internal int Line { get; } = line;

    /// <summary>The column in the line, from 1.</summary>
    internal int Column { get; } = column;

    /// <summary>The text of a scalar.</summary>
    internal string Text { get; init; } = string.Empty;

    /// <summary>A scalar that was written without quotes.</summary>
    internal bool IsPlain { get; init; }

    /// <summary>The items of a sequence.</summary>
    internal List<YamlNode> Items { get; } = [];

    /// <summary>The pairs of a mapping in their order; keys are scalars and each is there once.</summary>
    internal List<(YamlNode Key, YamlNode Value)> Pairs { get; } = [];

    /// <summary>Whether nothing was written, or null (YAML 1.2, 10.3.2).</summary>
    internal bool IsNull => Kind == YamlKind.Scalar && IsPlain && Text is "" or "~" or "null" or "Null" or "NULL";
}
