namespace OciSync.Core.MirrorFiles;

/// <summary>A repository and the places at mirrors that have it, in the order in which they came.</summary>
/// <param name="Repository">Its path in its registry.</param>
/// <param name="Places">Mirror and path there.</param>
internal sealed record RepositoryRoute(string Repository, IReadOnlyList<MirrorBase> Places);
