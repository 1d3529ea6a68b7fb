namespace OciSync.Core.Removing;

/// <summary>How a registry deletes.</summary>
internal enum DeleteWay
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>Manifests by their digests, with every tag that points to them.</summary>
    Digest,

    /// <summary>Tags one by one as well.</summary>
    Tag,
}
