using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Images;
using OciSync.Core.References;
using OciSync.Core.Signing.Attaching;
using OciSync.Core.Signing.Signers;

namespace OciSync.Core.Copying;

/// <summary>
/// Signs an image where it is by now: the index and everything that it names, under the name it has there. What is signed already, by the same key for
/// the same name, is not signed again; what can't be signed is a failure of the row.
/// </summary>
internal sealed class ImageSigner(CopyRun run, SourceImage source, CancellationToken cancellationToken)
{
    /// <summary>Refuses a destination that can't hold the signatures, before anything is copied.</summary>
    /// <exception cref="OciException">It can't, or the image has no name there that could be signed.</exception>
    internal static void Check(CopyRun run, ImageTarget target)
    {
        if (target.Signing.IsWanted)
        {
            ImageSignatures.Check(run.Pool.Signatures, target.Copy.Reference, target.Signing);
            _ = SignedNames.Of(target.Copy.Reference, target.NeedsName ? [] : target.References, target.Signing);
        }
    }

    /// <summary>Signs what isn't signed yet.</summary>
    /// <param name="target">Where the image is.</param>
    /// <param name="manifests">Lists the digests of its manifests, as the source has them.</param>
    /// <returns>False when the user declined.</returns>
    /// <exception cref="OciException">It is there, and could not be signed.</exception>
    internal async Task<bool> SignAsync(ImageTarget target, Func<CancellationToken, Task<IReadOnlyList<Digest>>> manifests)
    {
        if (!target.Signing.IsWanted)
        {
            return true;
        }

        if (run.IsReadOnly && !target.IsUpToDate)
        {
            target.Signed.IsDone = true;
            return true;
        }

        try
        {
            return await SignAsync(target, await ListAsync(target, manifests).ConfigureAwait(false)).ConfigureAwait(false);
        }
        catch (OciException e) when (!run.IsReadOnly)
        {
            throw e.With(message: $"'{target.DisplayName}' is there, and could not be signed: {e.Message}", inner: e);
        }
    }

    private async Task<bool> SignAsync(ImageTarget target, IReadOnlyList<Digest> manifests)
    {
        var names = SignedNames.Of(target.Copy.Reference, target.References, target.Signing);
        var signatures = new ImageSignatures(run.Pool.Signatures, target.Copy.Reference, target.Copy.Client, target.Signing);
        if (target.IsUpToDate && !await IsAgreedAsync(target, signatures, manifests, names).ConfigureAwait(false))
        {
            return false;
        }

        var isWhole = target.IsUpToDate && target.Signed.Missing == 0;
        await ForEachAsync(
            run.IsReadOnly || isWhole ? [] : manifests,
            (manifest, token) => run.SigningTurns.RunAsync(
                (target.Copy.Client.Key, manifest), () => AddAsync(target, signatures, manifest, names, token), token)).ConfigureAwait(false);
        target.Signed.IsDone = true;
        return true;
    }

    // An image that is up to date changes by a signature alone: that is asked about as any change, and only where one is missing.
    private async Task<bool> IsAgreedAsync(
        ImageTarget target, ImageSignatures signatures, IReadOnlyList<Digest> manifests, IReadOnlyList<string> names)
    {
        var missing = 0;
        await ForEachAsync(manifests, async (manifest, token) =>
        {
            var due = await signatures.FindAsync(manifest, names, target.Copy.Work(token)).ConfigureAwait(false);
            Interlocked.Add(ref missing, due.Count(d => !d.IsThere));
        }).ConfigureAwait(false);
        target.Signed.Missing = missing;
        return missing == 0 || run.IsReadOnly || await run.ConfirmAsync(target, source).ConfigureAwait(false);
    }

    // Rows of one repository may be of the same image: they sign one after the other, and each sees what the others have signed.
    private async Task AddAsync(ImageTarget target, ImageSignatures signatures, Digest manifest, IReadOnlyList<string> names, CancellationToken token)
    {
        var work = target.Copy.Work(token);
        foreach (var due in (await signatures.FindAsync(manifest, names, work).ConfigureAwait(false)).Where(d => !d.IsThere))
        {
            var place = await signatures.AddAsync(manifest, due, work).ConfigureAwait(false);
            target.Signed.Add();
            run.Events.Tell($"'{target.DisplayName}': {manifest} is signed by {due.Signer.Name}; the signature is {place}.");
        }
    }

    // What is there may be another one than the source's: without attestations, say.
    private async Task<IReadOnlyList<Digest>> ListAsync(ImageTarget target, Func<CancellationToken, Task<IReadOnlyList<Digest>>> manifests)
    {
        var there = target.Instead?.Digest ?? target.Written;
        var listed = there is null || there == source.Wanted || target.Copy.Client is not IImageSource reader
            ? await manifests(cancellationToken).ConfigureAwait(false)
            : await ImageTree.ListManifestsAsync(reader, there, target.Copy.Work(cancellationToken)).ConfigureAwait(false);
        return source.Selection?.KeepIndex == true ? await KeepThoseThereAsync(target, listed).ConfigureAwait(false) : listed;
    }

    // The index names platforms that were left out.
    private async Task<IReadOnlyList<Digest>> KeepThoseThereAsync(ImageTarget target, IReadOnlyList<Digest> listed)
    {
        var there = new bool[listed.Count];
        await Throttle.ForEachAsync(
            Enumerable.Range(0, listed.Count),
            run.Options.MaxConnectionsPerRegistry,
            async (i, token) => there[i] = await target.Copy.Client.HeadManifestAsync(listed[i].ToString(), target.Copy.Work(token)).ConfigureAwait(false)
                is not null,
            cancellationToken).ConfigureAwait(false);
        return [.. listed.Where((_, i) => there[i])];
    }

    private Task ForEachAsync(IReadOnlyList<Digest> manifests, Func<Digest, CancellationToken, Task> action) =>
        Throttle.ForEachAsync(manifests, run.Options.MaxConnectionsPerRegistry, action, cancellationToken);
}
