namespace OciSync.Core.Distribution;

/// <summary>What the path of a request asks for (distribution-spec 1.1, "Endpoints").</summary>
internal enum RegistryAction
{
    /// <summary>end-1: whether this is a registry.</summary>
    Base,

    /// <summary>The list of repositories, which Docker's registry has beside the specification.</summary>
    Catalogue,

    /// <summary>end-8: the tags of a repository.</summary>
    Tags,

    /// <summary>end-3: a manifest by tag or digest.</summary>
    Manifest,

    /// <summary>end-2: a blob by digest.</summary>
    Blob,

    /// <summary>end-12: what speaks of a manifest.</summary>
    Referrers,
}
