using OciSync.Core.Distribution;
using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Images;
using OciSync.Core.Manifests;
using OciSync.Core.References;
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
/// <param name="lifetime">Ends questions that several wait for.</param>
internal sealed class FillingImages(
    ServedFolder folder, UpstreamNames upstream, UpstreamPools pools, MirrorFiller filler, TagAges ages, CancellationToken lifetime) : IServedImages
{
    private readonly PendingImages _pending = new();
    private readonly Dictionary<string, Once<ServedManifest?>> _questions = new(StringComparer.Ordinal);

    public Task<IReadOnlyList<string>> ListRepositoriesAsync(CancellationToken cancellationToken) => folder.ListRepositoriesAsync(cancellationToken);

    public async Task<bool> HasRepositoryAsync(RequestedName name, CancellationToken cancellationToken) =>
        (upstream.Find(name) is { } image && _pending.Has(image.FolderName)) || await folder.HasRepositoryAsync(name, cancellationToken).ConfigureAwait(false);

    public Task<IReadOnlyList<string>?> ListTagsAsync(RequestedName name, CancellationToken cancellationToken) => folder.ListTagsAsync(name, cancellationToken);

    public async Task<ServedManifest?> FindManifestAsync(RequestedName name, string reference, CancellationToken cancellationToken)
    {
        if (upstream.Find(name) is not { } image || !IsReference(reference))
        {
            return await folder.FindManifestAsync(name, reference, cancellationToken).ConfigureAwait(false);
        }

        filler.Note(image, reference);
        var known = await folder.FindManifestAsync(image.Requested, reference, cancellationToken).ConfigureAwait(false);
        if (Digest.TryParse(reference, out var digest, out _))
        {
            return known ?? Serve(_pending.Find(image.FolderName, digest!))
                ?? await AskOnceAsync(image, reference, () => FetchByDigestAsync(image, digest!), cancellationToken).ConfigureAwait(false);
        }

        if (ages.IsFresh(image.FolderName, reference) && (Serve(_pending.FindTag(image.FolderName, reference)) ?? known) is { } fresh)
        {
            return fresh;
        }

        return await AskOnceAsync(image, reference, () => FetchTagAsync(image, reference, known), cancellationToken).ConfigureAwait(false);
    }

    public async Task<ServedBlob?> FindBlobAsync(RequestedName name, Digest digest, CancellationToken cancellationToken)
    {
        if (upstream.Find(name) is not { } image || digest == Digest.Of([], digest.Algorithm))
        {
            return await folder.FindBlobAsync(name, digest, cancellationToken).ConfigureAwait(false);
        }

        filler.Note(image, digest.ToString());
        if (_pending.Find(image.FolderName, digest) is { } manifest)
        {
            return new ServedBlob(manifest.Content.Length, (part, _) => Task.FromResult<IBlobContent>(new BytesContent(manifest.Content, part.First)));
        }

        var blob = _pending.FindBlob(image.FolderName, digest);
        if (blob is null && await folder.FindBlobAsync(image.Requested, digest, cancellationToken).ConfigureAwait(false) is { } known)
        {
            return known;
        }

        blob ??= await AskSizeAsync(image, digest, cancellationToken).ConfigureAwait(false);
        return blob is null ? null : new ServedBlob(blob.Size, (part, token) => filler.OpenAsync(image, blob, part.First, token));
    }

    public async Task<IReadOnlyList<Manifest>?> ListReferrersAsync(RequestedName name, Digest subject, CancellationToken cancellationToken)
    {
        // They come with their image; whoever asks at once waits for it.
        if (upstream.Find(name) is { } image && _pending.Find(image.FolderName, subject) is not null)
        {
            await filler.WaitAsync(image, cancellationToken).ConfigureAwait(false);
        }

        return await folder.ListReferrersAsync(name, subject, cancellationToken).ConfigureAwait(false);
    }

    // Many that ask for the same at once are one question; its answer is kept elsewhere.
    private async Task<ServedManifest?> AskOnceAsync(
        UpstreamImage image, string reference, Func<Task<ServedManifest?>> ask, CancellationToken cancellationToken)
    {
        if (ages.IsAbsent(image.FolderName, reference))
        {
            return null;
        }

        var key = image.FolderName + " " + reference;
        Once<ServedManifest?> question;
        lock (_questions)
        {
            if (!_questions.TryGetValue(key, out question!))
            {
                _questions[key] = question = new Once<ServedManifest?>(lifetime);
            }
        }

        try
        {
            return await question.RunAsync(_ => ask(), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            lock (_questions)
            {
                if (_questions.TryGetValue(key, out var current) && ReferenceEquals(current, question))
                {
                    _questions.Remove(key);
                }
            }
        }
    }

    private async Task<ServedManifest?> FetchTagAsync(UpstreamImage image, string tag, ServedManifest? known)
    {
        try
        {
            return await AskForTagAsync(image, tag, known).ConfigureAwait(false);
        }
        catch (OciException) when (known is not null)
        {
            // The network is away: the folder has it.
            pools.Renew();
            ages.Bridge(image.FolderName, tag);
            return known;
        }
        catch (OciException e) when (e.Kind is OciErrorKind.ManifestUnknown or OciErrorKind.RepositoryUnknown)
        {
            ages.Miss(image.FolderName, tag);
            return null;
        }
        catch (OciException)
        {
            pools.Renew();
            throw;
        }
    }

    private async Task<ServedManifest?> AskForTagAsync(UpstreamImage image, string tag, ServedManifest? known)
    {
        using var lease = pools.Take();
        var source = lease.Pool.GetSource(image.With(tag));
        var work = WorkScope.Uncounted(lifetime);
        var head = await source.HeadManifestAsync(tag, work).ConfigureAwait(false);
        if (head is null && known is null)
        {
            ages.Miss(image.FolderName, tag);
            return null;
        }

        ages.Renew(image.FolderName, tag);

        // The tag is as it was; or it is gone there, and the mirror keeps what it has.
        return head is null || head.Digest == known?.Digest
            ? known
            : Take(image, tag, await source.GetManifestAsync(head.Digest.ToString(), work).ConfigureAwait(false));
    }

    private async Task<ServedManifest?> FetchByDigestAsync(UpstreamImage image, Digest digest)
    {
        try
        {
            using var lease = pools.Take();
            var source = lease.Pool.GetSource(image.With(digest.ToString()));
            var manifest = await source.GetManifestAsync(digest.ToString(), WorkScope.Uncounted(lifetime)).ConfigureAwait(false);
            if (!_pending.IsPart(image.FolderName, digest))
            {
                return Take(image, digest.ToString(), manifest);
            }

            _pending.Add(image.FolderName, manifest);
            return Serve(manifest);
        }
        catch (OciException e) when (e.Kind is OciErrorKind.ManifestUnknown or OciErrorKind.RepositoryUnknown)
        {
            ages.Miss(image.FolderName, digest.ToString());
            return null;
        }
        catch (OciException)
        {
            pools.Renew();
            throw;
        }
    }

    private ServedManifest? Take(UpstreamImage image, string reference, Manifest manifest)
    {
        _pending.Add(image.FolderName, manifest);
        _pending.SetTag(image.FolderName, reference, manifest.Digest);
        filler.Start(image, reference, manifest, isThere =>
        {
            // What failed is asked for anew by the next who wants it.
            _pending.RemoveTag(image.FolderName, reference);
            if (isThere)
            {
                _pending.Remove(image.FolderName, manifest);
            }
            else
            {
                ages.Forget(image.FolderName, reference);
            }
        });
        return Serve(manifest);
    }

    // A client that has its manifest from before the server was started: the registry knows the size.
    private async Task<Descriptor?> AskSizeAsync(UpstreamImage image, Digest digest, CancellationToken cancellationToken)
    {
        if (ages.IsAbsent(image.FolderName, digest.ToString()))
        {
            return null;
        }

        try
        {
            using var lease = pools.Take();
            var source = lease.Pool.GetSource(image.With(digest.ToString()));
            using var opened = await source.OpenBlobAsync(digest, 0, cancellationToken).ConfigureAwait(false);
            return opened.Answer.ContentLength is { } size ? new Descriptor(string.Empty, digest, size) : null;
        }
        catch (OciException e) when (e.Kind == OciErrorKind.BlobUnknown)
        {
            ages.Miss(image.FolderName, digest.ToString());
            return null;
        }
    }

    private static bool IsReference(string text) => Digest.TryParse(text, out _, out _) || ReferenceParser.FindTagFault(text, string.Empty) is null;

    private static ServedManifest? Serve(Manifest? manifest) =>
        manifest is null ? null : new ServedManifest(manifest.Digest, manifest.MediaType, manifest.Content);
}
