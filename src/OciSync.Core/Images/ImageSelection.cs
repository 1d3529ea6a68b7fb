using OciSync.Core.References;

namespace OciSync.Core.Images;

/// <summary>What of an image is wanted; the default is all of it, byte for byte.</summary>
public sealed record ImageSelection
{
    /// <summary>Everything.</summary>
    public static readonly ImageSelection All = new();

    /// <summary>Only these platforms; empty means all.</summary>
    public IReadOnlyList<Platform> Platforms { get; init; } = [];

    /// <summary>Without BuildKit's attestation entries.</summary>
    public bool ExcludeAttestation { get; init; }

    /// <summary>The index stays as it is, byte for byte, although only a part of what it names is copied.</summary>
    public bool KeepIndex { get; init; }

    /// <summary>Of an index its own bytes alone; what it names has to be at the destination already.</summary>
    public bool IndexOnly { get; init; }

    /// <summary>One platform's manifest and no index: without a choice of platforms, that for linux on this machine's architecture.</summary>
    internal bool IsSingle { get; init; }

    /// <summary>One image alone is wanted, and nobody said for which platform: as skopeo and docker do, it is linux on this machine's architecture.</summary>
    internal bool IsForThisMachine => IsSingle && Platforms.Count == 0;

    /// <summary>The platforms that are looked for; empty means all.</summary>
    internal IReadOnlyList<Platform> Wanted => IsForThisMachine ? [Platform.Default] : Platforms;

    internal bool IsEverything => Platforms.Count == 0 && !ExcludeAttestation && !IsSingle;
}
