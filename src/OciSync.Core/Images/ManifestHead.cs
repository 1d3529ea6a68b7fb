using OciSync.Core.References;

namespace OciSync.Core.Images;

/// <summary>What a HEAD tells of a manifest.</summary>
internal sealed record ManifestHead(Digest Digest, string? MediaType);
