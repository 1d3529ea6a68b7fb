using OciSync.Core.Text;

namespace OciSync.Core.Inspection;

/// <summary>What an image is: of its index or manifest, and of the config of one platform.</summary>
public sealed class OciImageInfo
{
    /// <summary>The reference that was inspected, with its tag or digest.</summary>
    public string Reference { get; internal init; } = string.Empty;

    /// <summary>Registry and repository; in a layout, the repository of its name there; for what has no name, its place.</summary>
    public string Name { get; internal init; } = string.Empty;

    /// <summary>The tag, or null when it has none: inspected by digest, or without a name.</summary>
    public string? Tag { get; internal init; }

    /// <summary>What the reference points to: of an index, the index.</summary>
    public string Digest { get; internal init; } = string.Empty;

    /// <summary>The digest of the platform's manifest.</summary>
    public string PlatformDigest { get; internal init; } = string.Empty;

    /// <summary>The media type of what the reference points to.</summary>
    public string MediaType { get; internal init; } = string.Empty;

    /// <summary>The artifact's type, for what is no image.</summary>
    public string? ArtifactType { get; internal init; }

    /// <summary>All platforms, without attestations.</summary>
    public TextList<string> Platforms { get; internal init; } = [];

    /// <summary>When it was made (UTC), or null when the image doesn't say.</summary>
    public DateTimeOffset? Created { get; internal init; }

    /// <summary>The platform's operating system.</summary>
    public string? Os { get; internal init; }

    /// <summary>The platform's operating system version.</summary>
    public string? OsVersion { get; internal init; }

    /// <summary>The platform's processor architecture.</summary>
    public string? Architecture { get; internal init; }

    /// <summary>The architecture's variant.</summary>
    public string? Variant { get; internal init; }

    /// <summary>Bytes of the platform's layers and config in the registry.</summary>
    public long Size { get; internal init; }

    /// <summary>The digests of the platform's layers.</summary>
    public TextList<string> Layers { get; internal init; } = [];

    /// <summary>The platform's layers.</summary>
    public TextList<OciLayerInfo> LayersData { get; internal init; } = [];

    /// <summary>Environment variables, NAME=value.</summary>
    public TextList<string> Env { get; internal init; } = [];

    /// <summary>Labels by name.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; internal init; } = TextMap.None;

    /// <summary>The entry point.</summary>
    public TextList<string> Entrypoint { get; internal init; } = [];

    /// <summary>The command.</summary>
    public TextList<string> Cmd { get; internal init; } = [];

    /// <summary>The user it runs as.</summary>
    public string? User { get; internal init; }

    /// <summary>Ports it listens to, such as 80/tcp.</summary>
    public TextList<string> ExposedPorts { get; internal init; } = [];

    /// <summary>How it was built: one command a step, as far as the image tells.</summary>
    public TextList<string> History { get; internal init; } = [];

    /// <summary>Annotations of what the reference points to.</summary>
    public IReadOnlyDictionary<string, string> Annotations { get; internal init; } = TextMap.None;

    /// <summary>Who made it.</summary>
    public string? Author { get; internal init; }

    /// <summary>The Docker version that built it.</summary>
    public string? DockerVersion { get; internal init; }

    /// <summary>The repository's tags, when asked for.</summary>
    public TextList<string>? RepoTags { get; internal init; }

    /// <inheritdoc/>
    public override string ToString() => Reference;
}
