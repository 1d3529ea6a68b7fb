using OciSync.Core.Manifests;
using OciSync.Core.References;

namespace OciSync.Core.Conversion;

/// <summary>A layer that was packed anew: what it was, what it is, and the file that holds it while somebody wants it.</summary>
internal sealed class PackedLayer(Descriptor source, LayerRule rule, Digest digest, long size, Digest? diffId, string? file)
{
    internal Descriptor Source { get; } = source;

    internal LayerRule Rule { get; } = rule;

    internal Digest Digest { get; } = digest;

    internal long Size { get; } = size;

    /// <summary>The digest of its unpacked bytes; null where they were not read, as a destination has it already.</summary>
    internal Digest? DiffId { get; } = diffId;

    /// <summary>Where its bytes are; null when nobody has wanted them yet.</summary>
    internal string? File { get; set; } = file;

    /// <summary>How many images want its file. Changed under the spool's lock.</summary>
    internal int Users { get; set; }

    /// <summary>The layer as a destination has it. Should somebody want its bytes after all, it is packed then.</summary>
    internal static PackedLayer Adopt(Descriptor layer, LayerRule rule, Descriptor held) => new(layer, rule, held.Digest, held.Size, null, null) { Users = 1 };
}
