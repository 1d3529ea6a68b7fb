using OciSync.Core.References;

namespace OciSync.Core.Syncing;

/// <summary>An image in a folder.</summary>
/// <param name="Location">Where it is.</param>
/// <param name="ReadName">Its name as that of a repository without a registry; it fails with an OciException where there is none.</param>
internal sealed record FolderImage(ImageLocation Location, Func<ImageReference> ReadName);
