using OciSync.Core.References;

namespace OciSync.Core.Manifests;

/// <summary>A manifest or index: the bytes as they came, and a view of what they name. The bytes are never written anew.</summary>
internal sealed class Manifest
{
    internal Manifest(byte[] content, string mediaType, Digest digest)
    {
        Content = content;
        MediaType = mediaType;
        Digest = digest;
    }

    internal byte[] Content { get; }

    internal string MediaType { get; }

    internal Digest Digest { get; }

    internal bool IsIndex => MediaTypes.IsIndex(MediaType);

    /// <summary>The entries of an index; empty for a manifest.</summary>
    internal IReadOnlyList<Descriptor> Children { get; init; } = [];

    internal Descriptor? Config { get; init; }

    internal IReadOnlyList<Descriptor> Layers { get; init; } = [];

    /// <summary>Only of a schema 1 manifest, which has no config: its layers are without sizes.</summary>
    internal SchemaOneContent? SchemaOne { get; init; }

    internal Descriptor? Subject { get; init; }

    internal string? ArtifactType { get; init; }

    internal IReadOnlyDictionary<string, string> Annotations { get; init; } = Descriptor.NoAnnotations;

    /// <summary>The blobs that must be at a destination before this manifest: config and layers, each once, foreign ones left out.</summary>
    internal IEnumerable<Descriptor> Blobs =>
        (Config is null ? Layers : Layers.Concat([Config])).Where(d => !d.IsForeign).GroupBy(d => d.Digest).Select(g => g.First());
}
