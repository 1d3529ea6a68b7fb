using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.References;
using OciSync.Core.Signing.Formats;

namespace OciSync.Core.Signing.Stores;

/// <summary>One place where signatures of an image lie.</summary>
internal interface ISignatureStore
{
    /// <summary>All signatures of a manifest, in their order; none where the place is there and says that it has none.</summary>
    /// <exception cref="OciException">
    /// The place doesn't tell, or what it has can't be read: then it isn't known whether there are signatures, and that is not the same as none.
    /// </exception>
    Task<IReadOnlyList<FoundSignature>> ReadAsync(Digest manifest, WorkScope work);
}
