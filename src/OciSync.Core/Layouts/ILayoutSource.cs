using OciSync.Core.Flow;
using OciSync.Core.Images;

namespace OciSync.Core.Layouts;

/// <summary>An OCI layout to be read, whether it is a folder or a tar file.</summary>
internal interface ILayoutSource : IImageSource, INamedSource
{
    /// <summary>All that its index names. <exception cref="Errors.OciException">There is no layout.</exception></summary>
    Task<IReadOnlyList<LayoutEntry>> ListAsync(CancellationToken cancellationToken);

    /// <summary>The images in it, without their parts and what speaks of them. <exception cref="Errors.OciException">There is no layout.</exception></summary>
    Task<IReadOnlyList<LayoutEntry>> ListImagesAsync(CancellationToken cancellationToken);

    /// <summary>The referrers of a manifest in it: the entries whose <c>subject</c> is that digest.</summary>
    Task<IReadOnlyList<Manifests.Descriptor>> ListReferrersAsync(References.Digest subject, WorkScope work);
}
