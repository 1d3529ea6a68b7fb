namespace OciSync.Core.Conversion;

/// <summary>How layers are to be packed.</summary>
internal sealed record LayerRule(LayerEncoding Target)
{
    /// <summary>Packed layers stay as they are.</summary>
    internal bool OnlyUnpacked { get; init; }

    internal int? Level { get; init; }

    internal bool Concerns(LayerEncoding encoding) => encoding != Target && (!OnlyUnpacked || encoding == LayerEncoding.None);
}
