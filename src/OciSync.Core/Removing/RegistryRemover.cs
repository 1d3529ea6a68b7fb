using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.References;
using OciSync.Core.Registry;

namespace OciSync.Core.Removing;

/// <summary>
/// Removes one image of a registry. A tag goes by itself where the registry can do that; else by its digest, and then every tag of the digest
/// goes: they are found first, and asked about.
/// </summary>
internal sealed class RegistryRemover(
    RegistryClient client, TagDigests tags, ImageReference reference, Func<RemovalQuestion, Task<bool>> confirm, CancellationToken cancellationToken)
{
    private const int MostNames = 5;

    /// <summary>Removes it; null when that was not confirmed.</summary>
    internal async Task<OciRemovedImage?> RunAsync(bool isReadOnly)
    {
        var digest = await FindDigestAsync().ConfigureAwait(false);
        if (reference.Tag is not { } tag)
        {
            var all = await tags.FindAsync(digest, null, cancellationToken).ConfigureAwait(false);
            await CheckOwnersAsync(digest).ConfigureAwait(false);
            return await AskAsync(digest, all, isCertain: true).ConfigureAwait(false) ? await DeleteDigestAsync(digest, all).ConfigureAwait(false) : null;
        }

        if (isReadOnly)
        {
            // Whether the tag could go alone is known only by trying.
            await AskAsync(digest, await tags.FindAsync(digest, tag, cancellationToken).ConfigureAwait(false), isCertain: false).ConfigureAwait(false);
            return null;
        }

        return await AskAsync(digest, [], isCertain: true).ConfigureAwait(false) ? await DeleteTagAsync(tag, digest).ConfigureAwait(false) : null;
    }

    private async Task<OciRemovedImage?> DeleteTagAsync(string tag, Digest digest)
    {
        switch (await ManifestDeletion.DeleteAsync(client, tag, cancellationToken).ConfigureAwait(false))
        {
            case DeleteAnswer.Done:
                return Removed(digest, []);
            case DeleteAnswer.Missing:
                throw client.Missing(tag);
        }

        if (!await ManifestDeletion.DeletesByDigestAsync(client, cancellationToken).ConfigureAwait(false))
        {
            throw ManifestDeletion.Unsupported(reference.Registry);
        }

        var others = await tags.FindAsync(digest, tag, cancellationToken).ConfigureAwait(false);
        await CheckOwnersAsync(digest).ConfigureAwait(false);
        return others.Count == 0 || await AskAsync(digest, others, isCertain: true).ConfigureAwait(false)
            ? await DeleteDigestAsync(digest, others).ConfigureAwait(false)
            : null;
    }

    // A manifest goes for all that need it: an index that lists it could not be pulled any more.
    private async Task CheckOwnersAsync(Digest digest)
    {
        if (await tags.FindOwnersAsync(digest, cancellationToken).ConfigureAwait(false) is { Count: > 0 } owners)
        {
            var names = string.Join(", ", owners.Take(MostNames).Select(t => $"'{reference.WithTag(t)}'"))
                + (owners.Count > MostNames ? $" and {owners.Count - MostNames} more" : string.Empty);
            throw new OciException(
                OciErrorKind.DeleteUnsupported,
                $"'{reference}' was not removed: its manifest is a part of {names}, which would be broken"
                    + (reference.Tag is null ? ". " : ", as this registry deletes by digest only. ")
                    + "Remove what it is a part of first, or leave it.");
        }
    }

    private async Task<OciRemovedImage> DeleteDigestAsync(Digest digest, IReadOnlyList<string> others) =>
        await ManifestDeletion.DeleteAsync(client, digest.ToString(), cancellationToken).ConfigureAwait(false) switch
        {
            DeleteAnswer.Done => Removed(digest, others),
            DeleteAnswer.Missing => throw client.Missing(digest.ToString()),
            _ => throw ManifestDeletion.Unsupported(reference.Registry),
        };

    private async Task<Digest> FindDigestAsync()
    {
        var asked = reference.Tag ?? reference.Digest!.ToString();
        var head = await client.HeadManifestAsync(asked, WorkScope.Uncounted(cancellationToken)).ConfigureAwait(false) ?? throw client.Missing(asked);
        return reference.Digest is null || reference.Digest == head.Digest
            ? head.Digest
            : throw new OciException(OciErrorKind.DigestMismatch, $"'{reference}' was not removed: the tag points to {head.Digest} now.");
    }

    private Task<bool> AskAsync(Digest digest, IReadOnlyList<string> others, bool isCertain) =>
        confirm(new RemovalQuestion(reference.ToString(), digest.ToString(), others, isCertain));

    private OciRemovedImage Removed(Digest digest, IReadOnlyList<string> others)
    {
        foreach (var gone in others.Concat(reference.Tag is { } own ? [own] : []))
        {
            tags.Forget(gone);
        }

        return new OciRemovedImage
        {
            Reference = reference.ToString(),
            Digest = digest.ToString(),
            AlsoRemoved = others.Select(t => reference.WithTag(t).ToString()).ToArray(),
        };
    }
}
