namespace OciSync.Core.Yaml;

/// <summary>A key and its value in a mapping.</summary>
/// <param name="Key">The key's text.</param>
/// <param name="KeyStart">Where the key begins in the text.</param>
/// <param name="Value">The value.</param>
internal readonly record struct SourcePair(string Key, int KeyStart, SourceNode Value);
