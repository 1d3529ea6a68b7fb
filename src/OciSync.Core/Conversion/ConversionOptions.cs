using OciSync.Core.References;

namespace OciSync.Core.Conversion;

/// <summary>How images may be changed on their way; the default is: not at all, but for what a destination can't take.</summary>
public sealed record ConversionOptions
{
    /// <summary>Nothing is asked for.</summary>
    public static readonly ConversionOptions None = new();

    /// <summary>The format that manifests are converted to; null keeps theirs.</summary>
    public ImageFormat? Format { get; init; }

    /// <summary>What becomes of layers; null keeps them, but for unpacked ones of folders on their way to a registry or layout.</summary>
    public LayerCompression? Compression { get; init; }

    /// <summary>1 to 9 for gzip, 1 to 22 for zstd; null for their usual one.</summary>
    public int? CompressionLevel { get; init; }

    /// <summary>What would change a digest fails.</summary>
    public bool PreserveDigest { get; init; }

    /// <summary>Layers that registries don't hold are fetched from where their manifest says they are.</summary>
    public bool IncludeForeignLayers { get; init; }

    /// <summary>Nothing is asked for that needs an image to be read before it is known what becomes of it.</summary>
    internal bool MayNotChange => Format is null && Compression is (null or LayerCompression.Keep);

    /// <summary>Format and layers as a part of the run says, where it says so.</summary>
    internal ConversionOptions Over(ConversionOptions? part) => part is null
        ? this
        : this with
        {
            Format = part.Format ?? Format,
            Compression = part.Compression ?? Compression,
            CompressionLevel = part.Compression is null ? CompressionLevel : part.CompressionLevel,
        };

    /// <summary>Says what is wrong with the combination; null when nothing is.</summary>
    public string? FindFault() => this switch
    {
        { Format: ImageFormat.Docker, Compression: LayerCompression.Zstd } => "Docker's format has no zstd layers; take the format Oci, or gzip",
        { CompressionLevel: not null, Compression: not (LayerCompression.Gzip or LayerCompression.Zstd) } =>
            "a level of compression needs a compression, Gzip or Zstd",
        { CompressionLevel: > 9, Compression: LayerCompression.Gzip } => "the levels of gzip are 1 to 9",
        { CompressionLevel: < 1 or > 22 } => "the levels of zstd are 1 to 22",
        _ => null,
    };

    private static bool HoldsUnpacked(ImageTransport source) =>
        source is ImageTransport.Dir or ImageTransport.DockerArchive or ImageTransport.DockerDaemon or ImageTransport.Tarball;

    private static bool WantsPacked(ImageTransport destination) =>
        destination is ImageTransport.Docker or ImageTransport.Oci or ImageTransport.OciArchive;

    /// <summary>What is done on the way from one kind of place to another.</summary>
    internal ConversionPlan PlanFor(ImageTransport source, ImageTransport destination)
    {
        LayerRule? layers = Compression switch
        {
            LayerCompression.None => new LayerRule(LayerEncoding.None),
            LayerCompression.Gzip => new LayerRule(LayerEncoding.Gzip) { Level = CompressionLevel },
            LayerCompression.Zstd => new LayerRule(LayerEncoding.Zstd) { Level = CompressionLevel },

            // Folders may hold layers unpacked for who looks into them, and Docker has no others; where images are pulled from, they are packed.
            null when !PreserveDigest && HoldsUnpacked(source) && WantsPacked(destination) => new LayerRule(LayerEncoding.Gzip) { OnlyUnpacked = true },
            _ => null,
        };
        var plan = new ConversionPlan
        {
            Format = Format,
            Layers = layers,

            // A layout is OCI's, and tools that read one need not know Docker's types. What comes without a change stays the bytes it is.
            RenewedFormat = layers is not null && destination is (ImageTransport.Oci or ImageTransport.OciArchive) ? ImageFormat.Oci : null,
            PreserveDigest = PreserveDigest,
            IncludeForeignLayers = IncludeForeignLayers,
        };
        return plan == ConversionPlan.Nothing ? ConversionPlan.Nothing : plan;
    }
}
