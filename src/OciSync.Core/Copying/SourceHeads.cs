using System.Collections.Concurrent;
using OciSync.Core.Flow;
using OciSync.Core.Images;
using OciSync.Core.Places;
using OciSync.Core.References;

namespace OciSync.Core.Copying;

/// <summary>What tags of sources point to, asked once in a run by whoever has to know before their images are worked on.</summary>
internal sealed class SourceHeads(RegistryPool pool)
{
    private readonly SingleFlight<string, ManifestHead> _asked = new(pool.Lifetime);
    private readonly ConcurrentDictionary<string, ManifestHead> _known = new(StringComparer.Ordinal);

    /// <summary>Asks for a tag. <exception cref="Errors.OciException">It isn't there, or its registry doesn't say.</exception></summary>
    internal Task<ManifestHead> AskAsync(ImageReference image, CancellationToken cancellationToken) => _asked.RunAsync(
        image.ToString(),
        async token =>
        {
            var source = pool.GetSource(image);
            var head = await source.HeadManifestAsync(image.ManifestReference, WorkScope.Uncounted(token)).ConfigureAwait(false)
                ?? throw source.Missing(image.ManifestReference);
            _known[image.ToString()] = head;
            return head;
        },
        cancellationToken);

    /// <summary>What was answered, or null when nobody has asked.</summary>
    internal ManifestHead? Find(ImageLocation image) => _known.TryGetValue(image.ToString(), out var head) ? head : null;
}
