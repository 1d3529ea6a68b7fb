namespace OciSync.Core.Yaml;

/// <summary>A stretch of a text that stands, unchanged, somewhere in another.</summary>
/// <param name="Start">Where it begins in the text that was read.</param>
/// <param name="Outer">Where it begins in the text around.</param>
/// <param name="Length">UTF-16 units.</param>
internal readonly record struct TextSpan(int Start, int Outer, int Length);
