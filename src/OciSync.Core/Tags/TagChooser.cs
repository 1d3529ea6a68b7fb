using OciSync.Core.Errors;
using OciSync.Core.Inspection;
using OciSync.Core.References;
using OciSync.Core.Registry;

namespace OciSync.Core.Tags;

/// <summary>Applies a choice to the names a registry gave; reads when images were made only where the choice asks and only of what is left.</summary>
internal static class TagChooser
{
    internal static async Task<ChosenTags> ChooseAsync(
        RegistryClient client,
        ImageReference repository,
        IReadOnlyList<string> names,
        TagSelector selector,
        int limit,
        CancellationToken cancellationToken)
    {
        var list = TagList.Create(repository, names);
        var tags = selector.Survey(list.Tags);
        if (selector.Choice.IsByTime)
        {
            tags = await ReadTimesAsync(client, repository, tags, limit, cancellationToken).ConfigureAwait(false);
        }

        return new ChosenTags(selector.Finish(tags), list.Remarks.ToList());
    }

    private static async Task<IReadOnlyList<OciTag>> ReadTimesAsync(
        RegistryClient client, ImageReference repository, IReadOnlyList<OciTag> tags, int limit, CancellationToken cancellationToken)
    {
        var timed = tags.ToArray();
        var wanted = Enumerable.Range(0, timed.Length).Where(i => timed[i].DropReason is null);
        await Throttle.ForEachAsync(
            wanted,
            limit,
            async (i, token) => timed[i] = timed[i].MadeAt(await ReadTimeAsync(client, repository.WithTag(timed[i].Tag), token).ConfigureAwait(false)),
            cancellationToken).ConfigureAwait(false);
        return timed;
    }

    private static async Task<DateTimeOffset?> ReadTimeAsync(RegistryClient client, ImageReference reference, CancellationToken cancellationToken)
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
