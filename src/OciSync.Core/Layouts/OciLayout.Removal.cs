using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Folders;
using OciSync.Core.Manifests;
using OciSync.Core.References;

namespace OciSync.Core.Layouts;

/// <content>Removal of images, with the blobs that no other image needs.</content>
internal sealed partial class OciLayout
{
    private readonly Once<IDisposable> _use;

    // What is found here is relied on until the index names it: nobody may collect it in the meantime.
    public override async Task<bool> HasBlobAsync(Descriptor blob, WorkScope work)
    {
        if (Files.Exists)
        {
            await UseAsync(work.Token).ConfigureAwait(false);
        }

        return await base.HasBlobAsync(blob, work).ConfigureAwait(false);
    }

    /// <summary>
    /// Takes images out of the index, at once, and what speaks only of them; then deletes the blobs nobody needs and gives their bytes.
    /// While somebody writes into the layout, or where they can't be deleted, blobs stay for the next removal: null.
    /// </summary>
    /// <param name="choose">Which, of the index as it is under the lock.</param>
    /// <param name="cancellationToken">Cancels it before the index is changed.</param>
    internal async Task<long?> RemoveAsync(Func<LayoutIndex, IReadOnlyList<LayoutEntry>> choose, CancellationToken cancellationToken)
    {
        EndUse();
        await _writer.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            using var held = await FolderLock.TakeAsync(Files, Connection.Options.StallTimeout, cancellationToken).ConfigureAwait(false);
            var path = Files.PathOf(LayoutIndex.FileName);
            var content = await Files.ReadAsync(LayoutIndex.FileName, LayoutIndex.MaxSize).ConfigureAwait(false) ?? LayoutIndex.Empty;
            var before = LayoutIndex.Read(content, path, DisplayName);
            var chosen = choose(before);
            if (chosen.Count == 0)
            {
                return 0;
            }

            var after = before.Without(await AddOthersAsync(before, chosen).ConfigureAwait(false));
            await Files.WriteAsync(LayoutIndex.FileName, after, cancellationToken).ConfigureAwait(false);
            _known = null;
            return await CollectAsync(LayoutIndex.Read(after, path, DisplayName)).ConfigureAwait(false);
        }
        finally
        {
            _writer.Release();
        }
    }

    private async Task<long?> CollectAsync(LayoutIndex index)
    {
        if (!ReferenceEquals(Blobs, Files))
        {
            // Other layouts may need what is in a folder of blobs that they share.
            return null;
        }

        using var alone = FolderUse.TryTake(Files);
        if (alone is null)
        {
            Connection.Events.Warn($"'{DisplayName}' is being written to: the blobs of what was removed stay until the next removal.");
            return null;
        }

        try
        {
            var garbage = new LayoutGarbage(Files, TryReadAsync);
            var freed = await garbage.CollectAsync(index, await new LayoutView(index, _facts, ListBlobs).ListUnnamedAsync().ConfigureAwait(false))
                .ConfigureAwait(false);
            if (garbage.Kept is [var first, ..])
            {
                Connection.Events.Warn(
                    $"The image was removed from '{DisplayName}', but {garbage.Kept.Count} of its files could not be deleted and stay until "
                        + $"the next removal: {first.Message}");
            }

            return freed == 0 && garbage.Kept.Count > 0 ? null : freed;
        }
        catch (OciException e)
        {
            Connection.Events.Warn($"The image was removed from '{DisplayName}', but its blobs stay, as it can't be said which others are needed: {e.Message}");
            return null;
        }
    }

    // An entry without a name, or under cosign's tag, goes with the image that contains it, or of which, or of a part of which, it speaks (a signature).
    private async Task<IReadOnlyList<LayoutEntry>> AddOthersAsync(LayoutIndex index, IReadOnlyList<LayoutEntry> chosen)
    {
        var going = chosen.ToList();
        for (var found = true; found;)
        {
            found = false;
            var parts = await _facts.ListPartsAsync(going.Select(e => e.Manifest)).ConfigureAwait(false);
            var staying = index.Entries.Where(e => !going.Exists(g => g.Index == e.Index)).ToList();
            var images = staying.Where(e => e.Name is not null || !parts.Contains(e.Manifest.Digest)).Select(e => e.Manifest).ToList();
            var kept = await _facts.ListPartsAsync(images).ConfigureAwait(false);
            kept.UnionWith(images.Select(i => i.Digest));
            parts.ExceptWith(kept);
            var gone = new HashSet<Digest>(parts.Concat(going.Select(e => e.Manifest.Digest).Where(d => !kept.Contains(d))));
            foreach (var entry in staying.Where(e => e.Name is null || e.AttachedTo is not null))
            {
                if ((entry.Name is null && parts.Contains(entry.Manifest.Digest))
                    || ((entry.AttachedTo ?? await _facts.FindSubjectAsync(entry.Manifest).ConfigureAwait(false)) is { } subject && gone.Contains(subject)))
                {
                    going.Add(entry);
                    found = true;
                }
            }
        }

        return going;
    }

    // Null when the file isn't there: an index may name images that were left out.
    private async Task<Manifest?> TryReadAsync(Descriptor descriptor)
    {
        var type = descriptor.MediaType.Length == 0 ? null : descriptor.MediaType;
        return Blobs.FindSize(BlobPath(descriptor.Digest)) is null
            ? null
            : await ReadManifestAsync(BlobPath(descriptor.Digest), descriptor.Digest, null, type).ConfigureAwait(false);
    }

    private Task<IDisposable> UseAsync(CancellationToken cancellationToken) =>
        _use.RunAsync(token => FolderUse.ShareAsync(Files, Connection.Options.StallTimeout, token), cancellationToken);

    /// <summary>The layout is written no more for now; the next writing holds it anew.</summary>
    internal void EndUse()
    {
        if (_use.TryGet(out var use))
        {
            _use.Forget(use!);
            use!.Dispose();
        }
    }
}
