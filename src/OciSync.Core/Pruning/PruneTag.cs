using OciSync.Core.References;

namespace OciSync.Core.Pruning;

/// <summary>A tag of a destination.</summary>
/// <param name="Name">The tag.</param>
/// <param name="Digest">What it points to.</param>
/// <param name="Subject">What that speaks of, if it does.</param>
internal sealed record PruneTag(string Name, Digest Digest, Digest? Subject = null);
