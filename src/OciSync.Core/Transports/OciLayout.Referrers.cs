using System.Collections.Concurrent;
using OciSync.Core.Errors;
using OciSync.Core.Manifests;
using OciSync.Core.References;

namespace OciSync.Core.Transports;

/// <content>
/// Referrers: what we write says so in the index; what other tools write is found by its <c>subject</c>, or stands in an index under the
/// digest's tag, as in a registry without the API.
/// </content>
internal sealed partial class OciLayout : IReferrerStore
{
    private readonly ConcurrentDictionary<Digest, Digest?> _subjects = new();

    public async Task<IReadOnlyList<Descriptor>> ListReferrersAsync(Digest subject, Action? onRetry, CancellationToken cancellationToken)
    {
        var found = new List<Descriptor>();
        if (await TryReadIndexAsync().ConfigureAwait(false) is not { } index)
        {
            return found;
        }

        var tag = ReferrerIndex.TagFor(subject);
        foreach (var entry in index.Entries)
        {
            if (entry.Name is null && entry.Subject == subject.ToString())
            {
                found.Add(entry.Manifest);
            }
            else if (entry.Name is { } name && (name == tag || name.EndsWith(":" + tag, StringComparison.Ordinal)))
            {
                var list = await GetManifestAsync(entry.Manifest.Digest.ToString(), onRetry, cancellationToken).ConfigureAwait(false);
                found.AddRange(list.Children);
            }
            else if (!entry.IsReferrer && await FindSubjectAsync(entry.Manifest).ConfigureAwait(false) == subject)
            {
                found.Add(entry.Manifest);
            }
        }

        return found.GroupBy(d => d.Digest).Select(g => g.First()).ToList();
    }

    public Task AttachAsync(Digest subject, IReadOnlyList<Manifest> referrers, Action? onRetry, CancellationToken cancellationToken) =>
        ChangeIndexAsync(i => i.WithReferrers(subject, referrers), cancellationToken);

    // What can't be read is an image that isn't whole: whoever wants that image is told.
    private async Task<Digest?> FindSubjectAsync(Descriptor entry)
    {
        if (_subjects.TryGetValue(entry.Digest, out var known))
        {
            return known;
        }

        Digest? subject = null;
        try
        {
            var type = entry.MediaType.Length == 0 ? null : entry.MediaType;
            subject = (await ReadManifestAsync(BlobPath(entry.Digest), entry.Digest, entry.Size, type).ConfigureAwait(false)).Subject?.Digest;
        }
        catch (OciException e)
        {
            Connection.Events.Decide($"'{DisplayName}': it is not known whether {entry.Digest} is a referrer: {e.Message}");
        }

        return _subjects.GetOrAdd(entry.Digest, subject);
    }
}
