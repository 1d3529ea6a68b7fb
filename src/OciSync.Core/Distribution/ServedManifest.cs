using OciSync.Core.References;

namespace OciSync.Core.Distribution;

/// <summary>A manifest that is served: its verified bytes, exactly as they came.</summary>
internal sealed record ServedManifest(Digest Digest, string MediaType, byte[] Content);
