namespace OciSync.Core.Inspection;

/// <summary>One layer of an image.</summary>
public sealed class OciLayerInfo
{
    internal OciLayerInfo(string mediaType, string digest, long size, IReadOnlyDictionary<string, string>? annotations)
    {
        MediaType = mediaType;
        Digest = digest;
        Size = size;
        Annotations = annotations;
    }

    /// <summary>The layer's media type.</summary>
    public string MediaType { get; }

    /// <summary>The layer's digest.</summary>
    public string Digest { get; }

    /// <summary>Its bytes in the registry.</summary>
    public long Size { get; }

    /// <summary>
    /// Its annotations, or null when it has none: an empty dictionary lies too deep for ConvertTo-Json as it is called, and would be the name
    /// of its type there.
    /// </summary>
    public IReadOnlyDictionary<string, string>? Annotations { get; }

    /// <inheritdoc/>
    public override string ToString() => Digest;
}
