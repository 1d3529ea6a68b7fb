using OciSync.Core.Errors;
using OciSync.Core.References;

namespace OciSync.Core.Images;

/// <summary>A destination that has the images of a run only when all of them are there: an archive, a Docker engine.</summary>
internal interface IStagedDestination : IImageDestination
{
    /// <summary>Refuses an image that it can't hold, before its blobs come. <exception cref="OciException">It can't.</exception></summary>
    void Check(ImageTree tree, string name);

    /// <summary>Why the digest is another one there, or null.</summary>
    string? ChangeReason { get; }

    /// <summary>The digest under which an image of this run can be read there, or null for the source's.</summary>
    Digest? FindWritten(string reference);

    /// <summary>
    /// Makes what was written so far the archive. <exception cref="OciException">That failed; what was there before still
    /// is.</exception>
    /// </summary>
    Task CommitAsync(CancellationToken cancellationToken);

    /// <summary>What is wrong with one image that was written, once the archive is complete; or null.</summary>
    OciException? FindFault(string reference);
}
