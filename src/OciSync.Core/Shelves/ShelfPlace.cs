namespace OciSync.Core.Shelves;

/// <summary>Where images were found.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Path">Its full path.</param>
/// <param name="Relative">Its path below the folder that is served; empty for that folder itself.</param>
/// <param name="Stamp">The stamp of the file that says what is in it.</param>
internal sealed record ShelfPlace(ShelfKind Kind, string Path, string Relative, FileStamp Stamp);
