using OciSync.Core.References;
using OciSync.Core.Yaml;

namespace OciSync.Core.SyncFiles;

/// <summary>A repository whose images files name.</summary>
/// <param name="Repository">The repository.</param>
/// <param name="Tags">Its tags and digests that are named.</param>
/// <param name="Place">The pattern in the sync file by which they were found.</param>
internal sealed record FoundRepository(ImageReference Repository, IReadOnlyList<string> Tags, YamlNode Place);
