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
    /// <param name="signatures">Those of its referrers that are signatures: they come along, or are told by themselves.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    internal async Task<string?> FindAsync(
        ImageTarget target, SourceImage source, IReadOnlyList<Digest> manifests, SignatureReferrers signatures, CancellationToken cancellationToken)
    {
        var parts = new List<string>(target.Signatures.Left);
        var count = CountSignatures(target, source);
        if (count > 0)
        {
            parts.Add($"{count} signature{(count == 1 ? " stays" : "s stay")} behind");
        }

        // Attachments that are known of were counted as signatures, and come along or are told by themselves.
        var isCounted = target.Signatures.HasAttached || source.Trust.Found.Count > 0 || source.Trust.RemovesSignatures;
        var referrers = target.IncludeReferrer ? 0
            : await CountReferrersAsync(source, manifests, signatures, isCounted, cancellationToken).ConfigureAwait(false);
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
                + "-IncludeReferrer brings those that registries and OCI layouts keep beside images; signatures go where registries.d names a "
                + "place for them at the destination. -RemoveSignature leaves signatures without a word.");
        }
    }

    // Of what was read to judge the image, where nobody looked whether it may come along. Attachments are referrers too: with those they come along.
    private static int CountSignatures(ImageTarget target, SourceImage source) => target.Signatures.IsKnown || source.Trust.RemovesSignatures
        ? 0
        : source.Trust.Found.Count(f => f.Kind == SignatureKind.OpenPgp || !target.IncludeReferrer);

    private async Task<int> CountReferrersAsync(
        SourceImage source, IReadOnlyList<Digest> manifests, SignatureReferrers signatures, bool isCounted, CancellationToken cancellationToken)
    {
        try
        {
            var tags = await FindTagsAsync(source, cancellationToken).ConfigureAwait(false);
            var found = 0;
            foreach (var manifest in manifests)
            {
                found += tags?.Count(manifest, !isCounted) ?? 0;
                found += await signatures.CountOthersAsync(manifest, source.Work(cancellationToken)).ConfigureAwait(false);
            }

            return found;
        }
        catch (OciException e)
        {
            // The image itself was copied; what can't be read beside it is not said to be there.
            run.Events.Tell($"What lies beside '{source.Reference}' can't be read: {e.Message}");
            return 0;
        }
    }

    // Those that a run has anyway, or that are read in a folder.
    private async Task<ManifestTags?> FindTagsAsync(SourceImage source, CancellationToken cancellationToken)
    {
        if (source.Reference.Image is { } image)
        {
            return run.Lists.TryGet(image.WithTag(null)) is { } listed ? _tags.GetOrAdd(image.Name, _ => new ManifestTags(listed)) : null;
        }

        if (run.Pool.GetSource(source.Reference) is not ILayoutSource layout)
        {
            return null;
        }

        if (_tags.TryGetValue(source.Reference.PlaceName, out var known))
        {
            return known;
        }

        // What a list of referrers names, a tag without a dot, the layout tells by itself.
        var names = (await layout.ListTagsAsync(cancellationToken).ConfigureAwait(false)).Select(n => n.Substring(n.LastIndexOf(':') + 1));
        return _tags.GetOrAdd(source.Reference.PlaceName, new ManifestTags(names.Where(n => n.IndexOf('.') > 0)));
    }
}
