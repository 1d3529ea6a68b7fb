namespace OciSync.Core.Tar;

/// <summary>A part of a file's content that is stored in a tar file.</summary>
/// <param name="At">Where it begins in the content.</param>
/// <param name="Length">How many bytes it has.</param>
/// <param name="Offset">Where it begins in the tar file.</param>
internal sealed record TarPiece(long At, long Length, long Offset);
