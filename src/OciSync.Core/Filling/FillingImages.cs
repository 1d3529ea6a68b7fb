using OciSync.Core.Distribution;
using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Images;
using OciSync.Core.Manifests;
using OciSync.Core.References;
using OciSync.Core.Rows;
using OciSync.Core.Shelves;

namespace OciSync.Core.Filling;

/// <summary>
/// A folder that fills itself: what is in it is answered from it, also without a network; what isn't is fetched from upstream for the client that
/// asks, and kept.
/// </summary>
/// <param name="folder">What is there.</param>
/// <param name="upstream">What may be fetched.</param>
/// <param name="pools">The registries.</param>
/// <param name="filler">Brings it into the folder.</param>
/// <param name="ages">What was asked for lately.</param>
/// <param name="pending">What is on its way.</param>
/// <param name="lifetime">Ends questions that several wait for.</param>
/// <param name="gate">What of it may be fetched; null where everything may.</param>
internal sealed class FillingImages(
    ServedFolder folder,
    UpstreamNames upstream,
    UpstreamPools pools,
    MirrorFiller filler,
    TagAges ages,
    PendingImages pending,
    CancellationToken lifetime,
    FillGate? gate = null)
    : IServedImages
{
    private readonly PendingReferrers _referrers = new(pending, pools, ages, lifetime);
    private readonly Questions<ServedManifest?> _manifests = new(lifetime);
    private readonly Questions<Descriptor?> _sizes = new(lifetime);

    public Task<IReadOnlyList<string>> ListRepositoriesAsync(CancellationToken cancellationToken) => folder.ListRepositoriesAsync(cancellationToken);

    public async Task<bool> HasRepositoryAsync(RequestedName name, CancellationToken cancellationToken) =>
        (upstream.Find(name) is { } image && pending.Has(image.FolderName)) || await folder.HasRepositoryAsync(name, cancellationToken).ConfigureAwait(false);

    public Task<IReadOnlyList<string>?> ListTagsAsync(RequestedName name, CancellationToken cancellationToken) => folder.ListTagsAsync(name, cancellationToken);

    public async Task<ServedManifest?> FindManifestAsync(RequestedName name, string reference, CancellationToken cancellationToken)
    {
        if (upstream.Find(name) is not { } image || !IsReference(reference))
        {
            return await folder.FindManifestAsync(name, reference, cancellationToken).ConfigureAwait(false) ?? (gate is null
                ? null
                : throw new NotServedException(404, "NAME_UNKNOWN", "This is of no repository that the sync file of this mirror chooses."));
        }

        filler.Note(image, reference);
        var subject = gate is null ? null : AttachmentTag.FindSubject(reference);
        var coming = subject is null ? null : pending.FindOwner(image.FolderName, subject);
        var known = await folder.FindManifestAsync(image.Requested, reference, cancellationToken).ConfigureAwait(false);
        if (Digest.TryParse(reference, out var digest, out _))
        {
            if (known is null && pending.HasRoom && pending.FindFailed(image.FolderName, reference) is { } failed)
            {
                return Take(image, reference, failed);
            }

            // What was refused a moment ago may be a part of what is let in by now.
            var isNew = pending.FindOwner(image.FolderName, digest!) is null;
            return known ?? Serve(pending.Find(image.FolderName, digest!))
                ?? await AskOnceAsync(image, reference, () => FetchByDigestAsync(image, digest!), isNew, cancellationToken).ConfigureAwait(false);
        }

        if (subject is not null && (known is not null || coming is not null))
        {
            // cosign's tags are let in, and come, with their image.
            return known ?? Serve(await _referrers.FindAsync(image, coming!, reference, cancellationToken).ConfigureAwait(false));
        }

        if (ages.IsFresh(image.FolderName, reference)
            && (Serve(pending.FindTag(image.FolderName, reference)) ?? known ?? Serve(pending.FindFailed(image.FolderName, reference))) is { } fresh)
        {
            return fresh;
        }

        return await AskOnceAsync(image, reference, () => FetchTagAsync(image, reference, known), known is null, cancellationToken).ConfigureAwait(false);
    }

    public async Task<ServedBlob?> FindBlobAsync(RequestedName name, Digest digest, CancellationToken cancellationToken)
    {
        if (upstream.Find(name) is not { } image || digest == Digest.Of([], digest.Algorithm))
        {
            return await folder.FindBlobAsync(name, digest, cancellationToken).ConfigureAwait(false);
        }

        filler.Note(image, digest.ToString());
        if (pending.Find(image.FolderName, digest) is { } manifest)
        {
            return new ServedBlob(manifest.Content.Length, (part, _) => Task.FromResult<IBlobContent>(new BytesContent(manifest.Content, part.First)));
        }

        var blob = pending.FindBlob(image.FolderName, digest);
        if (blob is null && await folder.FindBlobAsync(image.Requested, digest, cancellationToken).ConfigureAwait(false) is { } known)
        {
            return known;
        }

        blob ??= await AskSizeAsync(image, digest, cancellationToken).ConfigureAwait(false);
        return blob is null ? null : new ServedBlob(blob.Size, (part, token) => OpenBlobAsync(image, blob, part, token));
    }

    private async Task<IBlobContent> OpenBlobAsync(UpstreamImage image, Descriptor blob, ByteRange part, CancellationToken cancellationToken)
    {
        try
        {
            return await filler.OpenAsync(image, blob, part, cancellationToken).ConfigureAwait(false);
        }
        catch (OciException e) when (e.Kind is OciErrorKind.BlobUnknown or OciErrorKind.RepositoryUnknown)
        {
            throw new NotServedException(404, "BLOB_UNKNOWN", "The registry that this mirror asks doesn't have the blob.", e.Message);
        }
    }

    public async Task<IReadOnlyList<Descriptor>?> ListReferrersAsync(RequestedName name, Digest subject, CancellationToken cancellationToken)
    {
        // They come with their image; who asks before it is whole is answered from upstream.
        if (upstream.Find(name) is not { } image || pending.FindOwner(image.FolderName, subject) is not { } coming)
        {
            return await folder.ListReferrersAsync(name, subject, cancellationToken).ConfigureAwait(false);
        }

        filler.Note(image, subject.ToString());
        return await _referrers.ListAsync(image, coming, subject, cancellationToken).ConfigureAwait(false);
    }

    // Of what the folder has or what is on its way nothing more begins to come; all else has to have room.
    private async Task<ServedManifest?> AskOnceAsync(
        UpstreamImage image, string reference, Func<Task<ServedManifest?>> ask, bool isNew, CancellationToken cancellationToken)
    {
        if (isNew && ages.IsAbsent(image.FolderName, reference))
        {
            return null;
        }

        if (isNew)
        {
            pending.Check();
        }

        return await _manifests.AskAsync(image.FolderName, reference, ask, cancellationToken).ConfigureAwait(false);
    }

    private async Task<ServedManifest?> FetchTagAsync(UpstreamImage image, string tag, ServedManifest? known)
    {
        // Of an image whose rest did not come there may be all that a client wants.
        var good = known ?? Serve(pending.FindFailed(image.FolderName, tag));
        var answer = known is null
            ? RememberAsync(image, tag, OciErrorKind.ManifestUnknown, () => AskForTagAsync(image, tag, null))
            : AskAgainAsync(image, tag, known);
        try
        {
            if (good is null || await filler.IsInTimeAsync(answer).ConfigureAwait(false))
            {
                return await answer.ConfigureAwait(false);
            }
        }
        catch (OciException) when (good is not null)
        {
            // The network is away: the folder has it.
        }

        ages.Bridge(image.FolderName, tag);
        return good;
    }

    private async Task<ServedManifest?> AskAgainAsync(UpstreamImage image, string tag, ServedManifest known)
    {
        try
        {
            return await AskForTagAsync(image, tag, known).ConfigureAwait(false);
        }
        catch (NotServedException e)
        {
            // As a sync would leave it.
            filler.Tell($"'{image.NameOf(tag)}' stays as it is in the folder: {e.Message}");
            ages.Renew(image.FolderName, tag);
            return known;
        }
        catch (OciException)
        {
            pools.Renew();
            throw;
        }
    }

    // What upstream doesn't have, what it doesn't let us read and what is refused here is not asked for again for a while.
    private async Task<T?> RememberAsync<T>(UpstreamImage image, string reference, OciErrorKind unknown, Func<Task<T?>> ask)
        where T : class
    {
        try
        {
            return await ask().ConfigureAwait(false);
        }
        catch (NotServedException e)
        {
            ages.Miss(image.FolderName, reference, e);
            throw;
        }
        catch (OciException e) when (e.Kind == unknown || e.Kind == OciErrorKind.RepositoryUnknown)
        {
            ages.Miss(image.FolderName, reference);
            return null;
        }
        catch (OciException e) when (e.Kind is OciErrorKind.Unauthorized or OciErrorKind.Forbidden)
        {
            // Docker Hub says the same of repositories that aren't there.
            var refusal = new NotServedException(403, "DENIED", "The registry that this mirror asks doesn't let it read this, or doesn't have it.", e.Message);
            pools.Renew();
            ages.Deny(image.FolderName, reference, refusal);
            throw refusal;
        }
        catch (OciException)
        {
            pools.Renew();
            throw;
        }
    }

    private async Task<ServedManifest?> AskForTagAsync(UpstreamImage image, string tag, ServedManifest? known)
    {
        var chosen = gate is null ? null : await gate.FindAsync(image, tag).ConfigureAwait(false);
        if (chosen is not null && FillGate.IsChange(chosen))
        {
            await BringAsync(chosen).ConfigureAwait(false);
            ages.Renew(image.FolderName, tag);
            return await folder.FindManifestAsync(image.Requested, tag, lifetime).ConfigureAwait(false);
        }

        using var lease = pools.Take();
        var source = lease.Pool.GetSource(image.With(tag));
        var work = WorkScope.Uncounted(lifetime);
        var isSettled = known is not null && chosen?.SkipExisting?.IsMatch(tag) == true;
        var wanted = isSettled ? known!.Digest
            : chosen?.SourceDigest ?? chosen?.Source.Image!.Digest ?? (await source.HeadManifestAsync(tag, work).ConfigureAwait(false))?.Digest;
        if (wanted is null && known is null)
        {
            ages.Miss(image.FolderName, tag);
            return null;
        }

        // The tag is as it was; or it is gone there, and the mirror keeps what it has.
        if (wanted is null || wanted == known?.Digest)
        {
            ages.Renew(image.FolderName, tag);
            return known;
        }

        var manifest = await source.GetManifestAsync(wanted.ToString(), work).ConfigureAwait(false);
        await (chosen is null ? Task.CompletedTask : gate!.AdmitAsync(chosen, source, manifest)).ConfigureAwait(false);
        ages.Renew(image.FolderName, tag);
        return Take(image, tag, manifest);
    }

    // What a sync file changes on its way (platforms, formats) can't be sent while it comes.
    private async Task BringAsync(SyncPair chosen)
    {
        try
        {
            await filler.BringAsync(chosen).ConfigureAwait(false);
        }
        catch (OciException e) when (FillGate.IsRefusal(e))
        {
            throw FillGate.Refused(e);
        }
    }

    private Task<ServedManifest?> FetchByDigestAsync(UpstreamImage image, Digest digest) =>
        RememberAsync(image, digest.ToString(), OciErrorKind.ManifestUnknown, () => AskForDigestAsync(image, digest));

    private async Task<ServedManifest?> AskForDigestAsync(UpstreamImage image, Digest digest)
    {
        using var lease = pools.Take();
        var source = lease.Pool.GetSource(image.With(digest.ToString()));
        var work = WorkScope.Uncounted(lifetime);
        if (pending.FindOwner(image.FolderName, digest) is { } coming)
        {
            var part = await source.GetManifestAsync(digest.ToString(), work).ConfigureAwait(false);
            if (gate is null || pending.Read(coming, c => c.Takes(part)))
            {
                return Serve(part);
            }
        }

        // What upstream only lists as a referrer, and isn't, has to be chosen as any other image.
        var chosen = gate is null ? null : await gate.FindAsync(image, digest.ToString()).ConfigureAwait(false);
        if (chosen is not null && FillGate.IsChange(chosen))
        {
            await BringAsync(chosen).ConfigureAwait(false);
            return await folder.FindManifestAsync(image.Requested, digest.ToString(), lifetime).ConfigureAwait(false);
        }

        var manifest = await source.GetManifestAsync(digest.ToString(), work).ConfigureAwait(false);
        await (chosen is null ? Task.CompletedTask : gate!.AdmitAsync(chosen, source, manifest)).ConfigureAwait(false);
        return Take(image, digest.ToString(), manifest);
    }

    private ServedManifest? Take(UpstreamImage image, string reference, Manifest manifest)
    {
        if (pending.Begin(image.FolderName, reference, manifest) is { } coming)
        {
            filler.Start(image, reference, manifest, isThere =>
            {
                pending.End(coming, isThere);
                if (!isThere)
                {
                    // The next who wants it asks anew.
                    ages.Forget(image.FolderName, reference);
                }
            });
        }

        return Serve(manifest);
    }

    // A client that has its manifest from before the server was started: the registry knows the size.
    private async Task<Descriptor?> AskSizeAsync(UpstreamImage image, Digest digest, CancellationToken cancellationToken)
    {
        // A digest that is of no manifest may be a blob's, and the other way round.
        var question = "blob/" + digest;
        if (ages.IsAbsent(image.FolderName, question))
        {
            return null;
        }

        if (gate is not null)
        {
            throw new NotServedException(404, "BLOB_UNKNOWN", "The blob is of no image that this mirror is fetching: ask for the manifest first.");
        }

        return await _sizes.AskAsync(
            image.FolderName,
            digest.ToString(),
            () => RememberAsync(image, question, OciErrorKind.BlobUnknown, () => ReadSizeAsync(image, digest)),
            cancellationToken).ConfigureAwait(false);
    }

    private async Task<Descriptor?> ReadSizeAsync(UpstreamImage image, Digest digest)
    {
        using var lease = pools.Take();
        var source = lease.Pool.GetSource(image.With(digest.ToString()));
        using var opened = await source.OpenBlobAsync(digest, 0, lifetime).ConfigureAwait(false);
        return opened.Answer.ContentLength is { } size ? new Descriptor(string.Empty, digest, size) : null;
    }

    private static bool IsReference(string text) => Digest.TryParse(text, out _, out _) || ReferenceParser.FindTagFault(text, string.Empty) is null;

    private static ServedManifest? Serve(Manifest? manifest) =>
        manifest is null ? null : new ServedManifest(manifest.Digest, manifest.MediaType, manifest.Content);
}
