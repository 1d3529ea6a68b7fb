namespace OciSync.Core.Yaml;

/// <summary>A foreign document that can't be read any further.</summary>
internal sealed class SourceFaultException(int offset, string message, bool isLimit = false) : Exception(message)
{
    /// <summary>Where in the text.</summary>
    internal int Offset { get; } = offset;

    /// <summary>It is not broken but too much: no honest document is like that.</summary>
    internal bool IsLimit { get; } = isLimit;
}
