using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Images;
using OciSync.Core.References;

namespace OciSync.Core.Copying;

/// <summary>
/// The signatures of an image that are referrers, where it is copied from: sigstore's bundles, those of the Notary Project, and attachments that cosign 2
/// made so. The referrers of each manifest are listed and read once, whoever asks.
/// </summary>
internal sealed class SignatureReferrers(CopyRun run, SourceImage source)
{
    private readonly SingleFlight<Digest, SourceReferrers> _found = new(source.Client.Connection.Lifetime);

    /// <summary>
    /// Whether they are looked for: in OCI layouts and archives, as that costs no request, and in a registry where registries.d says that signatures are
    /// read as attachments. cosign writes them in place of attachments since version 3.
    /// </summary>
    /// <exception cref="OciException">registries.d isn't right.</exception>
    internal bool AreSought => source.Client is IReferrerStore
        && (source.Reference.Image is not { } image || run.Pool.Signatures.SettingsOf(image.WithDefaultTag(), out _).UseAttachments);

    /// <summary>Those of a manifest; none where they are not looked for.</summary>
    /// <exception cref="OciException">It isn't known whether there are any.</exception>
    internal async Task<IReadOnlyList<Referrer>> ListAsync(Digest manifest, WorkScope work) =>
        AreSought ? (await FindAsync(manifest, work).ConfigureAwait(false)).All : [];

    /// <summary>How many other referrers of a manifest are listed beside them, those that can't be read as well. No registry is asked for that alone.</summary>
    internal async Task<int> CountOthersAsync(Digest manifest, WorkScope work)
    {
        var isKnown = _found.TryGet(manifest, out var found);
        found = isKnown || source.Reference.Image is not null || !AreSought ? found : await FindAsync(manifest, work).ConfigureAwait(false);
        return found is null ? 0 : found.Listed - found.All.Count;
    }

    private Task<SourceReferrers> FindAsync(Digest manifest, WorkScope work) =>
        _found.RunAsync(manifest, token => FindOnceAsync(manifest, work.With(token)), work.Token);

    private async Task<SourceReferrers> FindOnceAsync(Digest manifest, WorkScope work)
    {
        var found = await SourceReferrers.LoadSignaturesAsync(source.Client, source.Reference, manifest, work).ConfigureAwait(false);
        found.Faults.ForEach(f => run.Events.Tell(f.Message));
        return found;
    }
}
