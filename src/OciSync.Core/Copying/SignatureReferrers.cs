using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Images;
using OciSync.Core.References;
using OciSync.Core.Registry;

namespace OciSync.Core.Copying;

/// <summary>
/// The signatures of an image that are referrers, where it is copied from: sigstore's bundles, those of the Notary Project, and attachments that cosign 2
/// made so. The referrers of each manifest are listed and read once, whoever asks.
/// </summary>
internal sealed class SignatureReferrers
{
    private readonly CopyRun _run;
    private readonly SourceImage _source;
    private readonly SingleFlight<Digest, SourceReferrers> _found;
    private readonly Lazy<IReadOnlyList<IImageSource>> _places;

    internal SignatureReferrers(CopyRun run, SourceImage source)
    {
        (_run, _source) = (run, source);
        _found = new SingleFlight<Digest, SourceReferrers>(source.Client.Connection.Lifetime);
        _places = new Lazy<IReadOnlyList<IImageSource>>(FindPlaces);
    }

    /// <summary>
    /// Whether they are looked for: in OCI layouts and archives, as that costs no request, and in a registry where registries.d says that signatures are
    /// read as attachments. cosign writes them in place of attachments since version 3.
    /// </summary>
    /// <exception cref="OciException">registries.d isn't right.</exception>
    internal bool AreSought => _places.Value.Count > 0;

    /// <summary>Those of the manifests; none where they are not looked for.</summary>
    /// <exception cref="OciException">It isn't known whether there are any.</exception>
    internal async Task<IReadOnlyList<Referrer>> ListAsync(IReadOnlyList<Digest> manifests, CancellationToken cancellationToken)
    {
        var found = new IReadOnlyList<Referrer>[AreSought ? manifests.Count : 0];
        await Throttle.ForEachAsync(
            Enumerable.Range(0, found.Length),
            _run.Options.MaxConnectionsPerRegistry,
            async (i, token) => found[i] = (await FindAsync(manifests[i], _source.Work(token)).ConfigureAwait(false)).All,
            cancellationToken).ConfigureAwait(false);
        return [.. found.SelectMany(f => f)];
    }

    /// <summary>How many other referrers of a manifest are listed beside them, those that can't be read as well. No registry is asked for that alone.</summary>
    internal async Task<int> CountOthersAsync(Digest manifest, WorkScope work)
    {
        var isKnown = _found.TryGet(manifest, out var found);
        found = isKnown || _source.Reference.Image is not null || !AreSought ? found : await FindAsync(manifest, work).ConfigureAwait(false);
        return found?.Others ?? 0;
    }

    private IReadOnlyList<IImageSource> FindPlaces() => _source.Reference.Image is { } image
        ? [.. _run.Pool.Signatures.AttachmentPlacesOf(image.WithDefaultTag())]
        : _source.Client is IReferrerStore ? [_source.Client] : [];

    private Task<SourceReferrers> FindAsync(Digest manifest, WorkScope work) =>
        _found.RunAsync(manifest, token => FindOnceAsync(manifest, work.With(token)), work.Token);

    // Those of the first place that lists any. Where a mirror has answered, the registry itself may be out of reach.
    private async Task<SourceReferrers> FindOnceAsync(Digest manifest, WorkScope work)
    {
        var (none, failure) = (default(SourceReferrers), default(OciException));
        foreach (var place in _places.Value)
        {
            SourceReferrers found;
            try
            {
                found = await SourceReferrers.LoadSignaturesAsync(place, _source.Reference, manifest, work).ConfigureAwait(false);
            }
            catch (OciException e) when (none is not null || place is RegistryClient { IsMirror: true })
            {
                _run.Events.Tell($"The referrers of {manifest} can't be listed: {e.Message}");
                failure ??= e;
                continue;
            }
            catch (OciException e)
            {
                throw Unknown(e);
            }

            RefuseUnread(found);
            if (found.All.Count + found.Others > 0)
            {
                return found;
            }

            none = found;
        }

        return none ?? throw Unknown(failure!);
    }

    // One that is listed and isn't there, or is no manifest, is no signature that anybody could check; one that can't be had now may be.
    private void RefuseUnread(SourceReferrers found)
    {
        if (found.Faults.Find(f => f.Kind != OciErrorKind.ReferrerLost) is { } fault)
        {
            throw Unknown(fault);
        }

        found.Faults.ForEach(f => _run.Events.Tell(f.Message));
    }

    private OciException Unknown(OciException e) =>
        e.With(message: $"What signatures '{_source.Reference}' has is not known (-RemoveSignature leaves them): {e.Message}", inner: e);
}
