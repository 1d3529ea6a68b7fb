namespace OciSync.Testing.Images;

/// <summary>What a manifest says of a layer, and the digest of its unpacked content.</summary>
public sealed record LayerDescriptor(string MediaType, string Digest, long Size, string DiffId)
{
    /// <summary>Where else the layer may be found.</summary>
    public IReadOnlyList<string> Urls { get; init; } = [];
}
