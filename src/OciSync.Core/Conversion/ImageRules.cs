using OciSync.Core.Manifests;

namespace OciSync.Core.Conversion;

/// <summary>What a plan means for the manifests of one image and their layers.</summary>
internal sealed class ImageRules(ConversionPlan plan, LayerFacts facts)
{
    internal ConversionPlan Plan { get; } = plan;

    /// <summary>How a layer is packed anew; null when it isn't.</summary>
    internal LayerRule? RuleFor(Manifest manifest, Descriptor layer)
    {
        if (FindType(manifest, layer) is not { } type)
        {
            return null;
        }

        var encoding = facts.EncodingOf(layer, type);
        return Plan.Layers is { } rule && (encoding is null || rule.Concerns(encoding.Value)) ? rule with { OnlyUnpacked = false }
            : Plan.Format == ImageFormat.Docker && encoding == LayerEncoding.Zstd ? new LayerRule(LayerEncoding.Gzip)
            : null;
    }

    internal bool HasRules(Manifest manifest) => manifest.Layers.Any(l => RuleFor(manifest, l) is not null);

    /// <summary>
    /// The format that a manifest gets, or null for its own: what has no zstd can't keep it, what gets zstd is OCI's, and what is renewed anyway
    /// takes the format of the plan for that.
    /// </summary>
    internal ImageFormat? FormatFor(Manifest manifest) =>
        Plan.Format ?? (!HasRules(manifest) ? null : Plan.Layers?.Target == LayerEncoding.Zstd ? ImageFormat.Oci : Plan.RenewedFormat);

    /// <summary>The manifest becomes another one.</summary>
    internal bool Changes(Manifest manifest) => HasRules(manifest) || manifest.Layers.Any(l => FindRightType(manifest, l) is not null)
        || (FormatFor(manifest) is { } format && format != ManifestConverter.FormatOf(manifest.MediaType));

    /// <summary>The type of a layer that stays and is not packed as its type says; null when the type is right.</summary>
    internal LayerType? FindRightType(Manifest manifest, Descriptor layer) =>
        RuleFor(manifest, layer) is null && FindType(manifest, layer) is { } type && facts.EncodingOf(layer, type) is { } encoding && encoding != type.Encoding
            ? type with { Encoding = encoding }
            : null;

    /// <summary>How the layers are packed afterwards, one after the other.</summary>
    internal string Forms(Manifest manifest) => string.Join(
        ",",
        manifest.Layers.Select(l => RuleFor(manifest, l) is { } rule ? rule.Target.ToString()
            : FindType(manifest, l) is { } type ? facts.EncodingOf(l, type)?.ToString() : l.MediaType));

    // Layers of images that are here; those of artifacts are anything.
    private static LayerType? FindType(Manifest manifest, Descriptor layer) =>
        manifest.Config is { } config && MediaTypes.IsImageConfig(config.MediaType) && !layer.IsForeign ? LayerType.Find(layer.MediaType) : null;
}
