namespace OciSync.Core.Yaml;

/// <summary>What a <see cref="YamlNode"/> is.</summary>
internal enum YamlKind
{
    /// <summary>A scalar: one text, quoted or not (YAML 1.2, 3.2.1.1).</summary>
    Scalar,

    /// <summary>A sequence: a list of nodes.</summary>
    Sequence,

    /// <summary>A mapping: keys, each with a node.</summary>
    Mapping,
}
