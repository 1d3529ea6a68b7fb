namespace OciSync.Core.Transports.Archives;

/// <summary>A file in a tar archive.</summary>
/// <param name="Name">Its path in the archive, without <c>./</c> before it.</param>
/// <param name="Offset">Where its bytes begin.</param>
/// <param name="Size">How many they are.</param>
/// <param name="Link">The path of the file whose content it has, when it is a link.</param>
internal sealed record TarEntry(string Name, long Offset, long Size, string? Link);
