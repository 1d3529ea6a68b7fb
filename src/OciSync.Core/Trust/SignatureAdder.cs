using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Images;
using OciSync.Core.Manifests;
using OciSync.Core.Places;
using OciSync.Core.References;
using OciSync.Core.Signing.Attaching;
using OciSync.Core.Signing.Signers;

namespace OciSync.Core.Trust;

/// <summary>Signs an image that is there: the index and everything that it names, by their digests as they were read at first. No layer is read.</summary>
internal sealed class SignatureAdder(RegistryPool pool, SigningOptions signing)
{
    /// <summary>Signs an image, and gives a row for each signature that it has by now.</summary>
    /// <param name="image">The image.</param>
    /// <param name="confirm">Asked once, before the first signature, with how many there will be; true to go on.</param>
    /// <param name="onRow">Told each signature as it is there; the next waits for it.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="OciException">It can't be signed, or not all of it: what was signed before has its row.</exception>
    internal async Task RunAsync(
        ImageLocation image, Func<int, Task<bool>> confirm, Func<OciAddedSignature, Task> onRow, CancellationToken cancellationToken)
    {
        var work = WorkScope.Uncounted(cancellationToken);
        ImageSignatures.Check(pool.Signatures, image, signing);
        var names = SignedNames.Of(image, [image.Image is { } named ? named.Tag ?? named.ManifestReference : image.Name ?? ImageLocation.OnlyImage], signing);
        var place = pool.GetDestination(image);
        var read = await ImageReading.LoadAsync((IImageSource)place, image, work).ConfigureAwait(false);
        var signatures = new ImageSignatures(pool.Signatures, image, place, signing);
        var manifests = read.Manifests.ToList();
        var due = new IReadOnlyList<DueSignature>[manifests.Count];
        await ForEachAsync(
            manifests, async (i, token) => due[i] = await signatures.FindAsync(manifests[i].Digest, names, work.With(token)).ConfigureAwait(false), work)
            .ConfigureAwait(false);
        var missing = due.Sum(d => d.Count(s => !s.IsThere));
        if (missing == 0 || await confirm(missing).ConfigureAwait(false))
        {
            await AddAsync(image, read, signatures, due, onRow, work).ConfigureAwait(false);
        }
    }

    private async Task AddAsync(
        ImageLocation image, ImageReading read, ImageSignatures signatures, IReadOnlyList<DueSignature>[] due, Func<OciAddedSignature, Task> onRow,
        WorkScope work)
    {
        var manifests = read.Manifests.ToList();
        var rows = new List<OciAddedSignature>[manifests.Count];
        var failures = new OciException?[manifests.Count];
        await ForEachAsync(
            manifests,
            async (i, token) =>
            {
                rows[i] = [];
                try
                {
                    foreach (var signature in due[i])
                    {
                        var at = signature.IsThere ? null
                            : await signatures.AddAsync(manifests[i].Digest, signature, work.With(token)).ConfigureAwait(false);
                        rows[i].Add(Describe(image, read, manifests[i], signature, at));
                    }
                }
                catch (OciException e)
                {
                    // The others are signed all the same, and told.
                    failures[i] = e;
                }
            },
            work).ConfigureAwait(false);
        foreach (var row in rows.SelectMany(r => r))
        {
            await onRow(row).ConfigureAwait(false);
        }

        if (failures.FirstOrDefault(f => f is not null) is { } failure)
        {
            throw failure;
        }
    }

    private Task ForEachAsync(List<Manifest> manifests, Func<int, CancellationToken, Task> action, WorkScope work) =>
        Throttle.ForEachAsync(Enumerable.Range(0, manifests.Count), pool.Options.MaxConnectionsPerRegistry, action, work.Token);

    private static OciAddedSignature Describe(ImageLocation image, ImageReading read, Manifest manifest, DueSignature signature, string? place) => new()
    {
        Reference = image.ToString(),
        Status = signature.IsThere ? "UpToDate" : "Added",
        Part = read.PartOf(manifest),
        Platform = read.PlatformOf(manifest),
        Digest = manifest.Digest.ToString(),
        Format = signature.Signer.Format.ToString(),
        Signer = signature.Signer.Name,
        Identity = signature.Identity,
        Place = place,
    };
}
