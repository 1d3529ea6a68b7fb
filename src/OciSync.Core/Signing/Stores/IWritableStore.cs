using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.References;

namespace OciSync.Core.Signing.Stores;

/// <summary>A place where signatures can be put beside those that are there.</summary>
internal interface IWritableStore : ISignatureStore
{
    /// <summary>
    /// Adds a signature of a manifest at the first free number; nothing that is there is changed, whoever else writes at the same time. One that is
    /// there already is not added again.
    /// </summary>
    /// <param name="manifest">The manifest.</param>
    /// <param name="signature">The content of its file.</param>
    /// <param name="taken">Numbers up to this one are taken in another place, which is read beside this one.</param>
    /// <param name="work">What stops it.</param>
    /// <returns>Where it lies.</returns>
    /// <exception cref="OciException">It can't be written there.</exception>
    Task<string> AppendAsync(Digest manifest, byte[] signature, int taken, WorkScope work);
}
