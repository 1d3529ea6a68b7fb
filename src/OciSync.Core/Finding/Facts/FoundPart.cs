using OciSync.Core.Yaml;

namespace OciSync.Core.Finding.Facts;

/// <summary>
/// A piece of a reference at its place in a file, so that exactly it can be replaced. A piece that a variable or a template makes, or that
/// stands in another file, is no part.
/// </summary>
/// <param name="Kind">Which piece.</param>
/// <param name="Start">Where it begins: UTF-16 units from the start of the file's text, a byte order mark not counted. Inside the quotes.</param>
/// <param name="Length">How many UTF-16 units are written there; 0 where nothing is.</param>
/// <param name="Value">What it means: the text after escapes.</param>
/// <param name="Style">How it stands there.</param>
internal sealed record FoundPart(FoundPartKind Kind, int Start, int Length, string Value, SourceStyle Style);
