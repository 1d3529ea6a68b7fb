namespace OciSync.Core.Removing;

/// <summary>How a registry deletes.</summary>
internal enum DeleteWay
{
    /// <summary>The registry deletes neither manifests nor tags.</summary>
    None,

    /// <summary>Manifests by their digests, with every tag that points to them.</summary>
    Digest,

    /// <summary>The registry deletes manifests, and single tags as well (distribution-spec, "Deleting tags").</summary>
    Tag,
}
