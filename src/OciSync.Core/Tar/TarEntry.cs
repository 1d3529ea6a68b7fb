namespace OciSync.Core.Tar;

/// <summary>A file in a tar archive.</summary>
/// <param name="Name">Its path in the archive, without <c>./</c> before it.</param>
/// <param name="Size">How many bytes its content has.</param>
/// <param name="Pieces">Where they are; between them there is nothing but zeros.</param>
/// <param name="Link">The path of the file whose content it has, when it is a link.</param>
internal sealed record TarEntry(string Name, long Size, IReadOnlyList<TarPiece> Pieces, string? Link);
