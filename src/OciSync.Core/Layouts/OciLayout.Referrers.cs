using OciSync.Core.Flow;
using OciSync.Core.Images;
using OciSync.Core.Manifests;
using OciSync.Core.References;

namespace OciSync.Core.Layouts;

/// <content>Referrers: what we write says so in the index; what other tools write is found by its <c>subject</c>.</content>
internal sealed partial class OciLayout : IReferrerStore
{
    public async Task<IReadOnlyList<Descriptor>> ListReferrersAsync(Digest subject, WorkScope work) =>
        await TryReadIndexAsync().ConfigureAwait(false) is { } view
            ? await view.ListReferrersAsync(subject, d => GetManifestAsync(d.ToString(), work)).ConfigureAwait(false)
            : [];

    public Task AttachAsync(Digest subject, IReadOnlyList<Manifest> referrers, WorkScope work) =>
        ChangeIndexAsync(i => i.WithReferrers(subject, referrers), work.Token);
}
