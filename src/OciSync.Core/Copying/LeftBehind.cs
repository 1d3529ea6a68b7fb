using System.Collections.Concurrent;
using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Layouts;
using OciSync.Core.Manifests;
using OciSync.Core.References;
using OciSync.Core.Registry;
using OciSync.Core.Signing.Formats;

namespace OciSync.Core.Copying;

/// <summary>
/// What lies beside images and does not come along, as far as it is known: what was read to judge an image, what lies beside it in a folder, what a list
/// of tags that the run has anyway names, and what a registry lists that registries.d tells to read signatures of. Safe for images that end at the same time.
/// </summary>
internal sealed class LeftBehind(CopyRun run)
{
    private readonly ConcurrentDictionary<string, ManifestTags> _tags = new(StringComparer.Ordinal);
    private int _images;

    /// <summary>What an image that is copied, or would be, leaves behind, in words; null when nothing is known of.</summary>
    /// <param name="target">Where it goes.</param>
    /// <param name="source">The image.</param>
    /// <param name="manifests">The digests of its manifests, as far as they were read.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    internal async Task<string?> FindAsync(
        ImageTarget target, SourceImage source, IReadOnlyList<Digest> manifests, CancellationToken cancellationToken)
    {
        var parts = new List<string>(target.Signatures.Left);
        var signatures = CountSignatures(target, source);
        if (signatures > 0)
        {
            parts.Add($"{signatures} signature{(signatures == 1 ? " stays" : "s stay")} behind");
        }

        var referrers = target.IncludeReferrer ? 0 : await CountReferrersAsync(target, source, manifests, cancellationToken).ConfigureAwait(false);
        if (referrers > 0)
        {
            parts.Add($"{referrers} referrer{(referrers == 1 ? " stays" : "s stay")} behind (-IncludeReferrer)");
        }

        if (parts.Count == 0)
        {
            return null;
        }

        Interlocked.Increment(ref _images);
        return string.Join("; ", parts);
    }

    /// <summary>Says once, at the end, of how many images something stays behind.</summary>
    internal void Tell()
    {
        if (Volatile.Read(ref _images) is > 0 and var images)
        {
            run.Events.Warn(
                $"{images} {(images == 1 ? "image leaves" : "images leave")} signatures or other referrers behind, as the Reason of the rows says. "
                + "-IncludeReferrer brings those that registries and OCI layouts keep beside images; other signatures go where registries.d names a "
                + "place for them at the destination. -RemoveSignature leaves signatures without a word.");
        }
    }

    // Of what was read to judge the image, where nobody looked whether it may come along. Attachments are referrers too: with those they come along.
    private static int CountSignatures(ImageTarget target, SourceImage source) => target.Signatures.IsKnown || source.Trust.RemovesSignatures
        ? 0
        : source.Trust.Found.Count(f => f.Kind == SignatureKind.OpenPgp || !target.IncludeReferrer);

    private async Task<int> CountReferrersAsync(
        ImageTarget target, SourceImage source, IReadOnlyList<Digest> manifests, CancellationToken cancellationToken)
    {
        // Attachments that are known of were counted as signatures, and come along or are told by themselves.
        var isCounted = target.Signatures.HasAttached || source.Trust.Found.Count > 0 || source.Trust.RemovesSignatures;
        try
        {
            if (source.Reference.Image is { } image)
            {
                var tagged = run.Lists.TryGet(image.WithTag(null)) is { } names
                    ? manifests.Sum(m => _tags.GetOrAdd(image.Name, _ => new ManifestTags(names)).Count(m, !isCounted))
                    : 0;
                return isCounted ? tagged : tagged + await CountListedAsync(image, source, manifests, cancellationToken).ConfigureAwait(false);
            }

            return run.Pool.GetSource(source.Reference) is ILayoutSource layout
                ? await CountAsync(source.Reference.PlaceName, layout, manifests, isCounted, source.Work(cancellationToken)).ConfigureAwait(false)
                : 0;
        }
        catch (OciException e)
        {
            // The image itself was copied; what can't be read beside it is not said to be there.
            run.Events.Tell($"What lies beside '{source.Reference}' can't be read: {e.Message}");
            return 0;
        }
    }

    // A registry is asked for its list where registries.d says that signatures are read there and none was found: cosign's since version 3 are in it, and
    // nowhere else.
    private async Task<int> CountListedAsync(ImageReference image, SourceImage source, IReadOnlyList<Digest> manifests, CancellationToken cancellationToken)
    {
        if (!run.Pool.Signatures.SettingsOf(image, out _).UseAttachments || run.Pool.GetSource(source.Reference) is not RegistryClient registry)
        {
            return 0;
        }

        var lists = await Task.WhenAll(manifests.Select(
            m => ReferrerLister.TryListAsync(registry, m, source.Work(cancellationToken)))).ConfigureAwait(false);
        return lists.Sum(l => l?.Count ?? 0);
    }

    private async Task<int> CountAsync(string place, ILayoutSource layout, IReadOnlyList<Digest> manifests, bool isCounted, WorkScope work)
    {
        if (!_tags.TryGetValue(place, out var tags))
        {
            // What a list of referrers names, a tag without a dot, the layout tells by itself.
            var names = (await layout.ListTagsAsync(work.Token).ConfigureAwait(false)).Select(n => n.Substring(n.LastIndexOf(':') + 1));
            tags = _tags.GetOrAdd(place, new ManifestTags(names.Where(n => n.IndexOf('.') > 0)));
        }

        var found = 0;
        foreach (var manifest in manifests)
        {
            found += (await layout.ListReferrersAsync(manifest, work).ConfigureAwait(false)).Count + tags.Count(manifest, !isCounted);
        }

        return found;
    }
}
