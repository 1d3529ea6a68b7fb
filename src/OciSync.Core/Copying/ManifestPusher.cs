using OciSync.Core.Copying.Blobs;
using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Images;
using OciSync.Core.Manifests;
using OciSync.Core.References;
using OciSync.Core.Registry;

namespace OciSync.Core.Copying;

/// <summary>
/// Writes manifests to one destination, children before parents, once per repository and run. A registry that misses a blob it was
/// believed to have gets it again, once.
/// </summary>
internal sealed class ManifestPusher(DestinationCopy destination, BlobDelivery delivery, SingleFlight<(string Repository, Digest Digest), bool> written)
{
    private const int Parallel = 4;

    /// <summary>Writes what the root names. The root itself is the caller's last step.</summary>
    internal async Task PushChildrenAsync(ImageTree tree, CancellationToken cancellationToken)
    {
        // Indexes wait for their own children: plain manifests first, then indexes in the order of the tree. Attestations come after the images
        // they speak of: when one is refused whose like was taken before, it is refused for what it is.
        var named = tree.Children.Append(tree.Root).SelectMany(m => m.Children).Where(c => c.IsAttestation).Select(c => c.Digest);
        var attestations = new HashSet<Digest>(named);
        var images = tree.Children.Where(m => !m.IsIndex && !attestations.Contains(m.Digest)).ToList();
        await Throttle.ForEachAsync(images, Parallel, (m, token) => PushOnceAsync(m, token), cancellationToken).ConfigureAwait(false);
        await Throttle.ForEachAsync(
            tree.Children.Where(m => !m.IsIndex && attestations.Contains(m.Digest)),
            Parallel,
            (m, token) => PushAttestationAsync(m, images, token),
            cancellationToken).ConfigureAwait(false);
        foreach (var index in tree.Children.Where(m => m.IsIndex))
        {
            await PushOnceAsync(index, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Writes one manifest under a tag or digest, and heals what the registry misses.</summary>
    internal async Task PushAsync(string reference, Manifest manifest, ImageTree? tree, CancellationToken cancellationToken, bool isPart = false)
    {
        try
        {
            await PutAsync(reference, manifest, isPart || tree is null, cancellationToken).ConfigureAwait(false);
        }
        catch (OciException e) when (e.Kind == OciErrorKind.BlobUnknown && tree?.Kept is null)
        {
            destination.CountRetry();
            destination.Events.Tell($"'{destination.Reference}' misses parts of {manifest.Digest} that it was said to have; they are sent again.");
            await RepairAsync(manifest, tree, cancellationToken).ConfigureAwait(false);
            await PutAsync(reference, manifest, isPart || tree is null, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Writes one manifest by its digest, and tags with it; gives the tags that the registry says it has taken.</summary>
    internal async Task<IReadOnlyList<string>> PushTaggedAsync(Manifest manifest, IReadOnlyList<string> tags, CancellationToken cancellationToken)
    {
        var taken = await ((RegistryClient)destination.Client).PutTaggedAsync(manifest, tags, destination.Work(cancellationToken)).ConfigureAwait(false);
        destination.CountManifest();
        return taken;
    }

    private async Task PushAttestationAsync(Manifest attestation, List<Manifest> images, CancellationToken cancellationToken)
    {
        try
        {
            await PushOnceAsync(attestation, cancellationToken).ConfigureAwait(false);
        }
        catch (OciException e) when (e.Kind == OciErrorKind.ManifestRefused && images.Exists(m => m.MediaType == attestation.MediaType))
        {
            throw e.With(
                OciErrorKind.AttestationRefused,
                $"'{destination.Reference}' takes the image and refuses its build attestations ({attestation.Digest}). "
                    + $"Copy it without them: -ExcludeAttestation. It said: {e.Message}",
                e);
        }
    }

    private Task PushOnceAsync(Manifest manifest, CancellationToken cancellationToken) =>
        written.RunAsync(
            (destination.Client.Key, manifest.Digest),
            async shared =>
            {
                if (!destination.IsVerifying || await IsMissingAsync(manifest, shared).ConfigureAwait(false))
                {
                    await PushAsync(manifest.Digest.ToString(), manifest, null, shared).ConfigureAwait(false);
                }

                return true;
            },
            cancellationToken);

    private async Task<bool> IsMissingAsync(Manifest manifest, CancellationToken cancellationToken) =>
        await destination.Client.HeadManifestAsync(manifest.Digest.ToString(), destination.Work(cancellationToken)).ConfigureAwait(false) is null;

    private async Task RepairAsync(Manifest manifest, ImageTree? tree, CancellationToken cancellationToken)
    {
        foreach (var blob in ImageTree.LeavesOf(manifest))
        {
            await delivery.RepairAsync(blob, destination).ConfigureAwait(false);
        }

        foreach (var child in tree?.Children ?? [])
        {
            await PushAsync(child.Digest.ToString(), child, null, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task PutAsync(string reference, Manifest manifest, bool isPart, CancellationToken cancellationToken)
    {
        await destination.Client.PutManifestAsync(reference, manifest, isPart, destination.Work(cancellationToken)).ConfigureAwait(false);
        destination.CountManifest();
    }
}
