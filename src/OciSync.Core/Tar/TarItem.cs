namespace OciSync.Core.Tar;

/// <summary>An entry as it stands in a tar file, whatever it is.</summary>
/// <param name="Name">Its path as it is written.</param>
/// <param name="Type">Its kind: the type flag of its header.</param>
/// <param name="LinkName">What it leads to, when it is a link.</param>
/// <param name="Size">How many bytes its content has.</param>
/// <param name="Pieces">Where they are; between them there is nothing but zeros.</param>
internal sealed record TarItem(string Name, byte Type, string LinkName, long Size, IReadOnlyList<TarPiece> Pieces);
