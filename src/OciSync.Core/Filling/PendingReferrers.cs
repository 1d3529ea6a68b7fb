using System.Collections.Concurrent;
using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Images;
using OciSync.Core.Manifests;
using OciSync.Core.References;

namespace OciSync.Core.Filling;

/// <summary>
/// Signatures, SBOMs and other referrers of images that are on their way. They come into the folder with the whole image, at its end; who asks before that
/// is answered from upstream. What is there is kept with the image, what isn't is remembered for as long as any absence.
/// </summary>
/// <param name="pending">The images.</param>
/// <param name="pools">The registries.</param>
/// <param name="ages">What was not there lately.</param>
/// <param name="lifetime">Ends questions that several wait for.</param>
internal sealed class PendingReferrers(PendingImages pending, UpstreamPools pools, TagAges ages, CancellationToken lifetime)
{
    // So many manifests are read for the kind of what they are.
    private const int MostRead = 512;

    private readonly Questions<Manifest?> _tags = new(lifetime);
    private readonly Questions<IReadOnlyList<Descriptor>> _lists = new(lifetime);

    /// <summary>What lies under a tag of cosign's; null where nothing does.</summary>
    /// <exception cref="OciException">Upstream doesn't tell.</exception>
    internal async Task<Manifest?> FindAsync(UpstreamImage image, ComingImage coming, string tag, CancellationToken cancellationToken)
    {
        var question = "tag/" + tag;
        if (pending.Read(coming, c => c.FindTag(tag)) is { } known)
        {
            return known;
        }

        if (ages.IsAbsent(image.FolderName, question))
        {
            return null;
        }

        var found = await _tags.AskAsync(image.FolderName, question, () => ReadTagAsync(image, tag), cancellationToken).ConfigureAwait(false);
        if (found is null)
        {
            ages.Miss(image.FolderName, question);
            return null;
        }

        pending.Keep(coming, c => c.KeepTag(tag, found));
        return found;
    }

    /// <summary>
    /// All that upstream says to have this subject, as it describes it: who wants one of them asks for it by its digest. A list is answered whole or not at
    /// all, since a client takes a part of it for all there is.
    /// </summary>
    /// <exception cref="OciException">Upstream doesn't tell, or there are too many.</exception>
    internal async Task<IReadOnlyList<Descriptor>> ListAsync(UpstreamImage image, ComingImage coming, Digest subject, CancellationToken cancellationToken)
    {
        var question = "subject/" + subject;
        if (pending.Read(coming, c => c.FindList(subject)) is { } known)
        {
            return known;
        }

        if (ages.IsAbsent(image.FolderName, question))
        {
            return [];
        }

        var found = await _lists.AskAsync(image.FolderName, question, () => ReadListAsync(image, subject), cancellationToken).ConfigureAwait(false);
        if (found.Count == 0)
        {
            ages.Miss(image.FolderName, question);
            return found;
        }

        pending.Keep(coming, c => c.KeepList(subject, found));
        return found;
    }

    private async Task<Manifest?> ReadTagAsync(UpstreamImage image, string tag)
    {
        try
        {
            using var lease = pools.Take();
            return await lease.Pool.GetSource(image.With(tag)).GetManifestAsync(tag, WorkScope.Uncounted(lifetime)).ConfigureAwait(false);
        }
        catch (OciException e) when (e.Kind == OciErrorKind.ManifestUnknown)
        {
            return null;
        }
        catch (OciException)
        {
            pools.Renew();
            throw;
        }
    }

    // Lists under a tag outlive what they name, and older ones don't say what kind it is (distribution-spec 1.1, "Referrers Tag Schema"): the manifest does.
    private async Task<IReadOnlyList<Descriptor>> DescribeAsync(IImageSource source, IReadOnlyList<Descriptor> list)
    {
        var said = list.ToArray();
        var unknown = Enumerable.Range(0, said.Length).Where(i => said[i].ArtifactType is null).Take(MostRead).ToList();
        var gone = new ConcurrentDictionary<int, bool>();
        await Throttle.ForEachAsync(
            unknown,
            source.Connection.Options.MaxConnectionsPerRegistry,
            async (i, token) =>
            {
                try
                {
                    var manifest = await source.GetManifestAsync(said[i].Digest.ToString(), WorkScope.Uncounted(token)).ConfigureAwait(false);
                    said[i] = said[i] with { ArtifactType = manifest.ArtifactType ?? manifest.Config?.MediaType };
                }
                catch (OciException e) when (e.Kind == OciErrorKind.ManifestUnknown)
                {
                    gone[i] = true;
                }
            },
            lifetime).ConfigureAwait(false);
        return gone.IsEmpty ? said : [.. said.Where((_, i) => !gone.ContainsKey(i))];
    }

    private async Task<IReadOnlyList<Descriptor>> ReadListAsync(UpstreamImage image, Digest subject)
    {
        try
        {
            using var lease = pools.Take();
            var source = lease.Pool.GetSource(image.With(subject.ToString()));
            if (source is not IReferrerStore store)
            {
                return [];
            }

            var list = await store.ListReferrersAsync(subject, WorkScope.Uncounted(lifetime)).ConfigureAwait(false);
            return await DescribeAsync(source, list).ConfigureAwait(false);
        }
        catch (OciException)
        {
            pools.Renew();
            throw;
        }
    }
}
