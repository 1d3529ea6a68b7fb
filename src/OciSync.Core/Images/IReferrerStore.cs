using OciSync.Core.Flow;
using OciSync.Core.Manifests;
using OciSync.Core.References;

namespace OciSync.Core.Images;

/// <summary>Where manifests are found by what they speak of: signatures, SBOMs and other artifacts whose <c>subject</c> is another manifest.</summary>
internal interface IReferrerStore
{
    /// <summary>The manifests that are said to have this subject.</summary>
    Task<IReadOnlyList<Descriptor>> ListReferrersAsync(Digest subject, WorkScope work);

    /// <summary>Makes manifests that are written be found by their subject, where they aren't by themselves.</summary>
    Task AttachAsync(Digest subject, IReadOnlyList<Manifest> referrers, WorkScope work);
}
