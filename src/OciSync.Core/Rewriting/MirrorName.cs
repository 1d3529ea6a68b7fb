using OciSync.Core.References;

namespace OciSync.Core.Rewriting;

/// <summary>An image, and what it is at the mirror.</summary>
/// <param name="Source">The name that files have for it.</param>
/// <param name="Mirror">The name at the mirror.</param>
/// <param name="SourceDigest">What the source's tag pointed to, or null.</param>
/// <param name="Digest">What the mirror's tag points to, or null.</param>
public sealed record MirrorName(ImageReference Source, ImageReference Mirror, Digest? SourceDigest, Digest? Digest);
