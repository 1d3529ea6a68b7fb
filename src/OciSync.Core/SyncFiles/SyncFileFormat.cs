namespace OciSync.Core.SyncFiles;

/// <summary>Whose format a sync file has.</summary>
public enum SyncFileFormat
{
    /// <summary>Our own: it begins with <c>ocisync: 1</c>.</summary>
    OciSync,

    /// <summary>What skopeo sync reads: registries at the top.</summary>
    Skopeo,

    /// <summary>sync-image's config.yaml of 2023: <c>last</c>, <c>exclude</c>.</summary>
    SyncImage2023,

    /// <summary>sync-image's config.yaml of 2026: <c>count</c>, <c>regexp</c>.</summary>
    SyncImage2026,
}
