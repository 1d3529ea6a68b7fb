using OciSync.Core.Flow;
using OciSync.Core.Manifests;
using OciSync.Core.References;

namespace OciSync.Core.Images;

/// <summary>What is asked of and written to where images go.</summary>
internal interface IImageDestination : IImageStore
{
    /// <summary>Blobs made here that were written: those of one digest once, whoever of a run needs them. Null where two at a time do no harm.</summary>
    SingleFlight<Digest, bool>? Made { get; }

    /// <summary>Whether the blob is said to be there.</summary>
    Task<bool> HasBlobAsync(Descriptor blob, WorkScope work);

    /// <summary>Whether the blob can really be read.</summary>
    Task<bool> CanReadBlobAsync(Descriptor blob, WorkScope work);

    /// <summary>Takes the blob from another repository of the same host; false when that is not done.</summary>
    Task<bool> TryMountAsync(Digest digest, string from, WorkScope work);

    /// <summary>Writes a blob from a feed, once. It is there whole, or not at all.</summary>
    Task UploadAsync(Descriptor blob, IBlobFeed feed, Action<int> onSent, WorkScope work);

    /// <summary>Writes a manifest under a name or its digest.</summary>
    /// <param name="reference">The name, or the digest.</param>
    /// <param name="manifest">The manifest.</param>
    /// <param name="isPart">It is a part of another one, and no image by itself.</param>
    /// <param name="work">Stops it, and counts its further attempts.</param>
    Task PutManifestAsync(string reference, Manifest manifest, bool isPart, WorkScope work);
}
