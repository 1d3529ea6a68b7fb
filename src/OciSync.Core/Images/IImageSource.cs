using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Manifests;
using OciSync.Core.References;

namespace OciSync.Core.Images;

/// <summary>What is read of images: manifests, verified, and blobs from any place.</summary>
internal interface IImageSource : IImageStore
{
    /// <summary>A manifest with its bytes verified. <exception cref="OciException">There is none, or its bytes don't match.</exception></summary>
    Task<Manifest> GetManifestAsync(string reference, WorkScope work);

    /// <summary>Starts to read a blob at an offset, once. The caller verifies what it reads, and tells of a mirror that spoils it.</summary>
    Task<OpenedBlob> OpenBlobAsync(Digest digest, long offset, CancellationToken cancellationToken);

    /// <summary>A mirror broke off in the middle of a blob, or sent other bytes.</summary>
    void Spoil(IImageSource mirror, Digest digest, OciException fault);

    /// <summary>A blob as the subject of a message.</summary>
    string NameBlob(Digest digest);

    /// <summary>The names of the images here, in any order.</summary>
    Task<IReadOnlyList<string>> ListTagsAsync(CancellationToken cancellationToken);
}
