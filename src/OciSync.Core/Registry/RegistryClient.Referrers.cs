using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Manifests;
using OciSync.Core.Polyfills;
using OciSync.Core.References;

namespace OciSync.Core.Registry;

/// <content>
/// Referrers: by the registry's API, or by the index under the digest's tag, which is then ours to keep. Others may write it at the same
/// time, and no registry has to lock it: it is read right before it is written, and again a little later, until it names what it has to.
/// </content>
internal sealed partial class RegistryClient
{
    private const int MostRounds = 8;

    public async Task<IReadOnlyList<Descriptor>> ListReferrersAsync(Digest subject, WorkScope work)
    {
        OciException? refused = null;
        try
        {
            if (await ReferrerLister.TryListAsync(this, subject, work).ConfigureAwait(false) is { } listed)
            {
                return listed;
            }
        }
        catch (OciException e) when (e.Kind is OciErrorKind.Unauthorized or OciErrorKind.Forbidden)
        {
            // Some registries answer so to what they don't know.
            refused = e;
        }

        var tag = ReferrerIndex.TagFor(subject);
        var index = await FindManifestAsync(tag, work).ConfigureAwait(false);
        if (index is { IsIndex: false })
        {
            Connection.Events.Tell($"'{Describe(tag)}' is no index: no referrers are read from it.");
        }

        return index is { IsIndex: true } ? index.Children : refused is null ? [] : throw refused;
    }

    public async Task AttachAsync(Digest subject, IReadOnlyList<Manifest> referrers, WorkScope work)
    {
        if (Connection.KeepsReferrers || await AreListedAsync(subject, referrers, work).ConfigureAwait(false))
        {
            return;
        }

        var tag = ReferrerIndex.TagFor(subject);
        for (var round = 0; round < MostRounds; round++)
        {
            if (round > 0)
            {
                await Connection.Options.Time.DelayAsync(SettleTime, work.Token).ConfigureAwait(false);
            }

            var index = await FindManifestAsync(tag, work).ConfigureAwait(false);
            if (index is { IsIndex: false })
            {
                throw new OciException(
                    OciErrorKind.ReferrerLost,
                    $"'{Describe(tag)}' is where this registry's list of referrers of {subject} should be, and it is something else.");
            }

            if (ReferrerIndex.With(index, referrers) is not { } content)
            {
                return;
            }

            var manifest = ManifestReader.Read(content, MediaTypes.OciIndex, Digest.Of(content), Describe(tag));
            await PutManifestAsync(tag, manifest, false, work).ConfigureAwait(false);
        }

        throw new OciException(OciErrorKind.ReferrerLost, $"'{Describe(tag)}' does not keep what is written to it: others write it all the time. Run again.");
    }

    // Who has read the index before our write has written by then; and not in step with others.
    private TimeSpan SettleTime => TimeSpan.FromTicks((long)(Connection.Options.RetryInterval.Ticks * (1 + Connection.Options.Jitter()) / 8));

    // It may keep referrers without saying so.
    private async Task<bool> AreListedAsync(Digest subject, IReadOnlyList<Manifest> referrers, WorkScope work)
    {
        var listed = await ReferrerLister.TryListAsync(this, subject, work).ConfigureAwait(false);
        return listed is not null && referrers.All(r => listed.Any(d => d.Digest == r.Digest));
    }
}
