namespace OciSync.Testing.Images;

/// <summary>What an image is to be; the same specification always gives the same bytes.</summary>
public sealed record ImageSpec
{
    /// <summary>Tells images apart.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Layers of each platform beside the shared ones.</summary>
    public int Layers { get; init; } = 2;

    /// <summary>Bytes in each of them before compression.</summary>
    public int LayerSize { get; init; } = 4096;

    /// <summary>What they hold.</summary>
    public LayerContent Content { get; init; }

    /// <summary>How they are packed.</summary>
    public LayerCompression Compression { get; init; }

    /// <summary>Docker's media types in place of OCI's.</summary>
    public bool Docker { get; init; }

    /// <summary>The platforms; more than one make an index.</summary>
    public IReadOnlyList<TestPlatform> Platforms { get; init; } = [TestPlatform.LinuxAmd64];

    /// <summary>An index even for one platform.</summary>
    public bool Index { get; init; }

    /// <summary>An attestation for each platform, as BuildKit adds it.</summary>
    public bool Attestations { get; init; }

    /// <summary>Layers that come first on every platform.</summary>
    public IReadOnlyList<TestLayer> SharedLayers { get; init; } = [];
}
