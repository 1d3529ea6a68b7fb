namespace OciSync.Core.Conversion;

/// <summary>What is done to images between two kinds of places. Equal plans give equal bytes.</summary>
internal sealed record ConversionPlan
{
    internal static readonly ConversionPlan Nothing = new();

    internal ImageFormat? Format { get; init; }

    /// <summary>What Docker's schema 1, which is never written, becomes.</summary>
    internal ImageFormat SchemaOneFormat => Format ?? ImageFormat.Docker;

    /// <summary>What manifests become that are renewed anyway, as layers of theirs are packed; null keeps their format.</summary>
    internal ImageFormat? RenewedFormat { get; init; }

    internal LayerRule? Layers { get; init; }

    internal bool PreserveDigest { get; init; }

    internal bool IncludeForeignLayers { get; init; }

    /// <summary>Manifests have to be looked at before it is known what a destination should have.</summary>
    internal bool MayChange => Format is not null || Layers is not null;
}
