using OciSync.Core.Text;

namespace OciSync.Core.Removing;

/// <summary>An image that was removed.</summary>
public sealed class OciRemovedImage
{
    /// <summary>The reference that was removed.</summary>
    public string Reference { get; internal init; } = string.Empty;

    /// <summary>The digest it had.</summary>
    public string Digest { get; internal init; } = string.Empty;

    /// <summary>Other tags of this digest that went with it, as the registry deletes by digest only; their references.</summary>
    public TextList<string> AlsoRemoved { get; internal init; } = [];

    /// <summary>Bytes that a folder lost, as no other image needs them; null for a registry, which frees them in its own time.</summary>
    public long? BytesFreed { get; internal init; }

    /// <inheritdoc/>
    public override string ToString() => Reference;
}
