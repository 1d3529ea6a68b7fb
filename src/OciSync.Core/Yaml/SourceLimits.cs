namespace OciSync.Core.Yaml;

/// <summary>How much of a foreign document is read: no honest one comes near, and a hostile one ends there.</summary>
internal static class SourceLimits
{
    /// <summary>Lists and mappings within one another.</summary>
    internal const int Depth = 100;

    /// <summary>Values of one document, with what its aliases stand for.</summary>
    internal const int Nodes = 1_000_000;

    /// <summary>Documents of at least so many characters hand on their <c>items</c> one by one.</summary>
    internal const int Streamed = 256 * 1024;
}
