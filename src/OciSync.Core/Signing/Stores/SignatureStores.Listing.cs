using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.References;
using OciSync.Core.Registry;
using OciSync.Core.Signing.Formats;

namespace OciSync.Core.Signing.Stores;

/// <content>What a copy asks: whether there is anything to look for, what is there, and where it may be put.</content>
internal sealed partial class SignatureStores
{
    /// <summary>
    /// Whether signatures of an image in a registry are worth a look: registries.d names a place for them, this machine's own folder has some of
    /// the repository, or the registry said at its greeting that it keeps them itself. Nothing is asked that a copy doesn't ask anyway.
    /// </summary>
    /// <exception cref="OciException">registries.d isn't right.</exception>
    internal Task<bool> MayHaveAsync(ImageReference image, WorkScope work)
    {
        // The tags of a repository have one answer, unless registries.d speaks of one of them.
        if (Directory.NamesImages)
        {
            return LookForAsync(image, work);
        }

        var repository = (image.Registry, image.Repository, image.Digest is not null);
        Task<bool>? known;
        lock (_mayHave)
        {
            _mayHave.TryGetValue(repository, out known);
        }

        return known ?? LookOnceAsync(repository, image, work);
    }

    private async Task<bool> LookOnceAsync((string, string, bool) repository, ImageReference image, WorkScope work)
    {
        var appended = Volatile.Read(ref _appended);
        var found = await LookForAsync(image, work).ConfigureAwait(false);
        lock (_mayHave)
        {
            if (appended == _appended)
            {
                _mayHave[repository] = Task.FromResult(found);
            }
        }

        return found;
    }

    // What was written may be in a place where nothing was before.
    private void ForgetLooks()
    {
        lock (_mayHave)
        {
            _appended++;
            _mayHave.Clear();
        }
    }

    private async Task<bool> LookForAsync(ImageReference image, WorkScope work)
    {
        var places = _places(image);
        foreach (var place in places)
        {
            var settings = Find(place, image, out _);
            if (settings.UseAttachments || settings.Lookaside.Path is not null || HasOwn(settings, place.Repository))
            {
                return true;
            }
        }

        return places.Count == 1 && (await places[0].Connection.ProbeAsync(work.Token).ConfigureAwait(false)).KeepsSignatures;
    }

    /// <summary>The places of an image in a registry where its signatures are read beside it, mirrors first: <c>use-sigstore-attachments</c>.</summary>
    /// <exception cref="OciException">registries.d isn't right.</exception>
    internal IEnumerable<RegistryClient> AttachmentPlacesOf(ImageReference image) => _places(image).Where(p => Find(p, image, out _).UseAttachments);

    /// <summary>The signatures of a manifest in a registry, those of the first mirror that has any: payloads of attachments are not read.</summary>
    /// <param name="image">The image, as the user named it.</param>
    /// <param name="manifest">The manifest: the image's own, or a platform's in it.</param>
    /// <param name="mayHave">False where it is known that the repository doesn't have a tag.</param>
    /// <param name="work">What stops it.</param>
    /// <exception cref="OciException">It isn't known whether there are signatures.</exception>
    internal async Task<IReadOnlyList<ListedSignature>> ListAsync(ImageReference image, Digest manifest, Func<string, bool> mayHave, WorkScope work)
    {
        OciException? failure = null;
        foreach (var place in _places(image))
        {
            try
            {
                var settings = Find(place, image, out _);
                var listed = await ListKeptAsync(place, settings, manifest, work).ConfigureAwait(false);
                listed.AddRange(settings.UseAttachments && mayHave(AttachmentSignatures.TagFor(manifest))
                    ? await ListAttachedAsync(new AttachmentSignatures(place), manifest, work).ConfigureAwait(false)
                    : []);
                if (listed.Count > 0)
                {
                    return listed;
                }
            }
            catch (OciException e) when (place.IsMirror)
            {
                // The registry itself may know; when it doesn't either, this is why it isn't known.
                failure ??= e;
            }
        }

        return failure is null ? [] : throw failure;
    }

    /// <summary>The signatures that are attached to a manifest.</summary>
    internal static async Task<IReadOnlyList<ListedSignature>> ListAttachedAsync(AttachmentSignatures store, Digest manifest, WorkScope work) =>
        [.. (await store.ListAsync(manifest, work).ConfigureAwait(false)).Select(l => ListedSignature.Of(store, manifest, l))];

    /// <summary>Where the signatures of an image in a registry are written; mirrors are only read.</summary>
    /// <param name="image">The image.</param>
    /// <param name="name">Its name at the place.</param>
    internal SignatureSettings SettingsOf(ImageReference image, out ImageReference name)
    {
        (_, var settings, name) = FindRegistry(image);
        return settings;
    }

    /// <summary>Whether the registry of an image keeps signatures itself.</summary>
    internal async Task<bool> KeepsSignaturesAsync(ImageReference image, WorkScope work) =>
        (await FindRegistry(image).Place.Connection.ProbeAsync(work.Token).ConfigureAwait(false)).KeepsSignatures;

    /// <summary>The signatures of a manifest where they are written and where they are read, which may be two places.</summary>
    internal async Task<IReadOnlyList<ListedSignature>> ListWrittenAsync(ImageReference image, Digest manifest, WorkScope work) =>
        [.. (await ReadWrittenAsync(image, manifest, work).ConfigureAwait(false)).Select(ListedSignature.Of)];

    private async Task<List<ListedSignature>> ListKeptAsync(RegistryClient place, SignatureSettings settings, Digest manifest, WorkScope work)
    {
        if (settings.Lookaside.Text.Length == 0)
        {
            return [];
        }

        var probe = await place.Connection.ProbeAsync(work.Token).ConfigureAwait(false);
        ISignatureStore store = probe.KeepsSignatures ? new RegistrySignatures(place) : Lookaside.Open(settings.Lookaside, place.Repository, _servers);
        return [.. (await store.ReadAsync(manifest, work).ConfigureAwait(false)).Select(ListedSignature.Of)];
    }

    // The folder where podman and skopeo keep signatures when nothing is said.
    private bool HasOwn(SignatureSettings settings, string repository) => settings.Lookaside.Text.Length > 0
        && Lookaside.Open(settings.Lookaside, repository, _servers) is LookasideFolder folder && folder.HasAny();
}
