using System.Collections.Concurrent;
using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Images;
using OciSync.Core.References;
using OciSync.Core.Registry;
using OciSync.Core.Tags;

namespace OciSync.Core.Inspection;

/// <summary>Applies a choice to the names a registry gave; reads when images were made only where the choice asks and only of what is left.</summary>
internal static class TagChooser
{
    internal static async Task<ChosenTags> ChooseAsync(
        RegistryClient client,
        ImageReference repository,
        IReadOnlyList<string> names,
        TagSelector selector,
        int limit,
        CancellationToken cancellationToken,
        Func<string, string?>? drop = null,
        ConcurrentDictionary<string, DateTimeOffset?>? times = null) =>
        await ChooseAsync(_ => client, TagList.Create(repository, names), selector, limit, cancellationToken, drop, times).ConfigureAwait(false);

    /// <summary>
    /// The same for tags that are listed already; each is read where <paramref name="find"/> says, and is none where <paramref name="drop"/>
    /// has a reason. Who chooses again of the same tags keeps their times.
    /// </summary>
    internal static async Task<ChosenTags> ChooseAsync(
        Func<OciTag, IImageSource> find, TagList list, TagSelector selector, int limit, CancellationToken cancellationToken,
        Func<string, string?>? drop = null, ConcurrentDictionary<string, DateTimeOffset?>? times = null)
    {
        var tags = selector.Survey(list.Tags);
        tags = drop is null ? tags : tags.Select(t => t.DropReason is null ? t.Because(drop(t.Tag)) : t).ToList();
        if (selector.Choice.IsByTime)
        {
            tags = await ReadTimesAsync(find, tags, limit, times ?? new(StringComparer.Ordinal), cancellationToken).ConfigureAwait(false);
        }

        return new ChosenTags(selector.Finish(tags), list.Remarks.ToList());
    }

    private static async Task<IReadOnlyList<OciTag>> ReadTimesAsync(
        Func<OciTag, IImageSource> find, IReadOnlyList<OciTag> tags, int limit, ConcurrentDictionary<string, DateTimeOffset?> times,
        CancellationToken cancellationToken)
    {
        var timed = tags.ToArray();
        var wanted = Enumerable.Range(0, timed.Length).Where(i => timed[i].DropReason is null);
        await Throttle.ForEachAsync(
            wanted,
            limit,
            async (i, token) =>
            {
                var (tag, reference) = (timed[i], ImageLocation.Parse(timed[i].Reference));
                timed[i] = tag.MadeAt(times.TryGetValue(tag.Reference, out var known) ? known
                    : times[tag.Reference] = await ReadTimeAsync(find(tag), reference, token).ConfigureAwait(false));
            },
            cancellationToken).ConfigureAwait(false);
        return timed;
    }

    private static async Task<DateTimeOffset?> ReadTimeAsync(IImageSource client, ImageLocation reference, CancellationToken cancellationToken)
    {
        try
        {
            return (await new Inspector(client, reference, new InspectOptions()).InspectAsync(cancellationToken).ConfigureAwait(false)).Created;
        }
        catch (OciException e) when (e.Kind is OciErrorKind.ManifestUnknown or OciErrorKind.ManifestInvalid or OciErrorKind.PlatformUnknown)
        {
            // Listed but gone, or no image at all: nobody knows when it was made.
            return null;
        }
    }
}
