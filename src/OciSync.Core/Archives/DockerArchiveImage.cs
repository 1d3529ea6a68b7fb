using OciSync.Core.References;

namespace OciSync.Core.Archives;

/// <summary>An image in a Docker archive that is written.</summary>
/// <param name="Source">The digest of the manifest it came with.</param>
/// <param name="MediaType">The type of that manifest.</param>
/// <param name="Made">The digest of the manifest that it is read back with.</param>
/// <param name="ConfigDigest">The digest of its config: what Docker calls its id.</param>
/// <param name="Config">Its config.</param>
/// <param name="Diffs">Its layers, unpacked.</param>
internal sealed record DockerArchiveImage(Digest Source, string MediaType, Digest Made, Digest ConfigDigest, byte[] Config, IReadOnlyList<Digest> Diffs)
{
    /// <summary>Its names.</summary>
    internal List<string> Tags { get; } = [];
}
