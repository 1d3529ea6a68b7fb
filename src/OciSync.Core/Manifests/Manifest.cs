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

    /// <summary>
    /// The digest of an index whose bytes can't be had, and for which this one stands: platforms can be chosen from it. By itself it is no image; null for what
    /// was read.
    /// </summary>
    internal Digest? StandsFor { get; init; }

    internal Descriptor? Config { get; init; }

    internal IReadOnlyList<Descriptor> Layers { get; init; } = [];

    /// <summary>Only of a schema 1 manifest, which has no config: its layers are without sizes.</summary>
    internal SchemaOneContent? SchemaOne { get; init; }

    internal Descriptor? Subject { get; init; }

    internal string? ArtifactType { get; init; }

    internal IReadOnlyDictionary<string, string> Annotations { get; init; } = Descriptor.NoAnnotations;

    /// <summary>The blobs that must be at a destination before this manifest: config and layers, each once, foreign ones left out.</summary>
    internal IEnumerable<Descriptor> Blobs => AllBlobs.Where(d => !d.IsForeign);

    /// <summary>Config and layers, each once.</summary>
    internal IEnumerable<Descriptor> AllBlobs => (Config is null ? Layers : Layers.Concat([Config])).GroupBy(d => d.Digest).Select(g => g.First());
}
