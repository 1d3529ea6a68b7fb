namespace OciSync.Core.Yaml;

/// <summary>How a text stands in its file: what has to be kept when it is replaced there.</summary>
internal enum SourceStyle
{
    /// <summary>Without quotes, in YAML or in a file of lines such as a Dockerfile.</summary>
    Plain,

    /// <summary>In single quotes.</summary>
    SingleQuoted,

    /// <summary>In double quotes.</summary>
    DoubleQuoted,

    /// <summary>In the lines of a block scalar (<c>|</c>, <c>&gt;</c>).</summary>
    Block,

    /// <summary>A JSON string.</summary>
    Json,

    /// <summary>A JSON number, true, false or null.</summary>
    JsonWord,

    /// <summary>Nothing is written there: <c>tag:</c>, with a length of 0.</summary>
    Empty,
}
