using OciSync.Core.Manifests;
using OciSync.Core.References;

namespace OciSync.Core.Distribution;

/// <summary>
/// The images that a server answers from. What isn't there is null; a failure to read what is there is an <see cref="Errors.OciException"/>.
/// Names and digests are looked up, never made into paths.
/// </summary>
internal interface IServedImages
{
    /// <summary>The repositories, in the order of <see cref="NameOrder"/>.</summary>
    Task<IReadOnlyList<string>> ListRepositoriesAsync(CancellationToken cancellationToken);

    /// <summary>Whether there is such a repository.</summary>
    Task<bool> HasRepositoryAsync(RequestedName name, CancellationToken cancellationToken);

    /// <summary>The tags of a repository, in the order of <see cref="NameOrder"/>; null where it isn't there.</summary>
    Task<IReadOnlyList<string>?> ListTagsAsync(RequestedName name, CancellationToken cancellationToken);

    /// <summary>The manifest of a tag or digest.</summary>
    Task<ServedManifest?> FindManifestAsync(RequestedName name, string reference, CancellationToken cancellationToken);

    /// <summary>The blob of a digest, which may be that of a manifest as well.</summary>
    Task<ServedBlob?> FindBlobAsync(RequestedName name, Digest digest, CancellationToken cancellationToken);

    /// <summary>What speaks of a manifest, whether that is there or not; null where the repository isn't.</summary>
    Task<IReadOnlyList<Descriptor>?> ListReferrersAsync(RequestedName name, Digest subject, CancellationToken cancellationToken);
}
