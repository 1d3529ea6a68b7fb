namespace OciSync.Core.Yaml;

/// <summary>What a <see cref="YamlNode"/> is.</summary>
internal enum YamlKind
{
    /// <summary>Text.</summary>
    Scalar,

    /// <summary>A list.</summary>
    Sequence,

    /// <summary>Keys and values.</summary>
    Mapping,
}
