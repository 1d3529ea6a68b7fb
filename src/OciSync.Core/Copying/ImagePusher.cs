using OciSync.Core.Conversion;
using OciSync.Core.Copying.Blobs;
using OciSync.Core.Errors;
using OciSync.Core.Images;
using OciSync.Core.Polyfills;
using OciSync.Core.References;
using OciSync.Core.Registry;

namespace OciSync.Core.Copying;

/// <summary>The last step of a copy: manifests and tags, once every blob is there.</summary>
internal sealed class ImagePusher(CopyRun run, SourceImage source, BlobDelivery delivery, CancellationToken cancellationToken)
{
    private bool _isAlone;

    /// <summary>The same, the tags by themselves.</summary>
    private Task PushAloneAsync(ImageTarget target, ImageTree tree)
    {
        _isAlone = true;
        return PushAsync(target, tree);
    }

    private TagMember CreateMember(ImageTarget target, ImageTree tree, ManifestPusher pusher)
    {
        ImagePusher With(CancellationToken token) => new(run, source, delivery, token);
        return new TagMember(
            target, source, tree, pusher, token => With(token).CheckStoredAsync(target, tree), token => With(token).PushAloneAsync(target, tree));
    }

    /// <summary>Writes the manifests of an image, children first; whatever is missing of a repair is told.</summary>
    /// <returns>False when its tags are written together with others', and its row comes then.</returns>
    /// <exception cref="OciException">The destination takes neither them nor what they are in Docker's format.</exception>
    internal async Task<bool> PushAsync(ImageTarget target, ImageTree tree)
    {
        try
        {
            if (!await PushAsync(target, tree, delivery).ConfigureAwait(false))
            {
                return false;
            }
        }
        catch (OciException e) when (IsOfType(e) && target.Copy.Reference is { Digest: null, IsRepository: false })
        {
            if (target.Signatures.Any && !target.Signing.IsWanted)
            {
                throw e.With(
                    OciErrorKind.SignatureLost,
                    $"The registry refuses OCI's manifests, and in Docker's format '{source.Reference}' would lose its signatures: -RemoveSignature "
                        + $"copies it so, and -SigningKeyPath or -SignBy signs it anew. {e.Message}",
                    e);
            }

            if (await source.TryAsDockerAsync(tree, cancellationToken).ConfigureAwait(false) is not { } docker)
            {
                throw;
            }

            await PushInsteadAsync(target, tree, docker).ConfigureAwait(false);
        }

        await CheckRepairAsync(target).ConfigureAwait(false);
        await CheckStoredAsync(target, tree).ConfigureAwait(false);
        return true;
    }

    // A registry whose cache has outlived a garbage collection takes a manifest for one that it has, and stores nothing. Where bytes of a blob
    // were sent it can't be so; where it was believed in everything, and with -Verify, it has to show what it says to have.
    private async Task CheckStoredAsync(ImageTarget target, ImageTree tree)
    {
        var copy = target.Copy;
        if (copy.Client is not RegistryClient || copy.ManifestsWritten == 0)
        {
            return;
        }

        if (!copy.IsVerifying && (copy.BytesCopied > 0 || await IsProvenAsync(copy, tree).ConfigureAwait(false)))
        {
            return;
        }

        var written = target.Instead is null ? tree.Children.Where(_ => copy.IsVerifying).Select(m => m.Digest.ToString()) : [];
        foreach (var reference in target.References.Concat(written))
        {
            if (!await IsStoredAsync(copy, reference).ConfigureAwait(false))
            {
                throw new OciException(
                    OciErrorKind.ManifestUnknown,
                    $"'{copy.Reference.Describe(reference)}' was written, the registry said that it has it, and it is not there. Its cache says so of what it "
                    + "has lost, "
                    + "as after a garbage collection while it was running. Restart that registry, then run again.");
            }
        }

        run.Proofs.Add(copy.Client, tree.Root.Digest);
    }

    // Storage behind a registry may show what it has taken a moment later.
    private async Task<bool> IsStoredAsync(DestinationCopy copy, string reference)
    {
        if (await copy.Client.HeadManifestAsync(reference, copy.Work(cancellationToken)).ConfigureAwait(false) is not null)
        {
            return true;
        }

        await run.Options.Time.DelayAsync(run.Options.RetryInterval, cancellationToken).ConfigureAwait(false);
        return await copy.Client.HeadManifestAsync(reference, copy.Work(cancellationToken)).ConfigureAwait(false) is not null;
    }

    // Another tag of this run has shown the same manifest, or the config of the image was sent for another tag: the registry may show it before
    // the one who sends it knows that it is there.
    private async Task<bool> IsProvenAsync(DestinationCopy copy, ImageTree tree)
    {
        if (run.Proofs.Has(copy.Client, tree.Root.Digest))
        {
            return true;
        }

        foreach (var config in tree.Children.Append(tree.Root).Select(m => m.Config?.Digest).OfType<Digest>())
        {
            if (run.Ledger.FindClaim(copy.Client, config) is { } sending)
            {
                await sending.JoinAsync(cancellationToken).ConfigureAwait(false);
            }

            if (run.Proofs.Has(copy.Client, config))
            {
                return true;
            }
        }

        return false;
    }

    // These three are how registries refuse a type; a 408 or 416, say, is about this one request, and no reason for another digest.
    private static bool IsOfType(OciException refusal) => refusal is { Kind: OciErrorKind.ManifestRefused, StatusCode: 400 or 415 or 422 };

    // Configs and layers are there already, but for those that have to be packed anew.
    private async Task PushInsteadAsync(ImageTarget target, ImageTree refused, ConvertedImage docker)
    {
        var note = $"the registry refuses OCI's manifests: {docker.Note}";
        run.Events.Tell($"'{target.Copy.Reference}': {note}; {docker.Root.Digest} is written.");
        target.TakeInstead(docker.Root.Digest, note);
        if (target.IsUpToDate)
        {
            return;
        }

        var tree = await ImageTree.LoadAsync(docker.Source, docker.Root, target.Copy.Work(cancellationToken)).ConfigureAwait(false);
        var again = new BlobDelivery(docker.Source, run.Ledger, run.Options, cancellationToken);
        var known = new HashSet<Digest>(refused.Blobs.Select(b => b.Digest));
        foreach (var blob in tree.Blobs.Where(b => !known.Contains(b.Digest)))
        {
            await again.RepairAsync(blob, target.Copy).ConfigureAwait(false);
        }

        await PushAsync(target, tree, again).ConfigureAwait(false);
    }

    private async Task<bool> PushAsync(ImageTarget target, ImageTree tree, BlobDelivery blobs)
    {
        var pusher = new ManifestPusher(target.Copy, blobs, run.ManifestsWritten);
        try
        {
            await pusher.PushChildrenAsync(tree, cancellationToken).ConfigureAwait(false);
        }
        catch (OciException e) when (tree.Kept is not null && tree.Children.Exists(c => c.IsIndex) && SparseIndexes.IsRefusal(e))
        {
            throw SparseIndexes.Refused(target.Copy, e);
        }

        if (target.Copy.IsVerifying && target.IsUpToDate && target.Copy.BytesCopied == 0 && target.Copy.ManifestsWritten == 0)
        {
            return true;
        }

        if (tree.Root.Digest.Algorithm != "sha256" && target.Copy.Reference.Image?.Tag is not null)
        {
            await PushLongAsync(target, tree, pusher).ConfigureAwait(false);
            return true;
        }

        if (!_isAlone && target.Instead is null
            && await run.TagBatches.TryJoinAsync(CreateMember(target, tree, pusher), cancellationToken).ConfigureAwait(false))
        {
            return false;
        }

        foreach (var reference in target.References)
        {
            Task Put() => pusher.PushAsync(reference, tree.Root, tree, cancellationToken);
            await (tree.Kept is null ? Put() : run.Sparse.PutAsync(target.Copy, Put, cancellationToken)).ConfigureAwait(false);
            target.Copy.Tags.Learn(reference);
        }

        return true;
    }

    // A registry computes the digest of what comes under a tag by sha256. By another algorithm it has to take the digest, and the tags with it.
    private async Task PushLongAsync(ImageTarget target, ImageTree tree, ManifestPusher pusher)
    {
        var taken = await pusher.PushTaggedAsync(tree.Root, target.References, cancellationToken).ConfigureAwait(false);
        var others = target.References.Except(taken).ToList();
        if (others.Count > 0)
        {
            throw new OciException(
                OciErrorKind.ManifestRefused,
                $"'{target.Copy.Reference}' has the image, as {tree.Root.Digest}, and not the tag {string.Join(", ", others)}: a tag that is "
                + "written by itself names a sha256 digest there, and this registry takes no tags with a manifest (OCI-Tag). Refer to it by its digest.");
        }

        target.References.ToList().ForEach(target.Copy.Tags.Learn);
    }

    // A registry may keep a broken file and take a blob that it believes to have without a look at it.
    private async Task CheckRepairAsync(ImageTarget target)
    {
        foreach (var blob in target.Damage.Blobs)
        {
            if (!await target.Copy.Client.CanReadBlobAsync(blob, target.Copy.Work(cancellationToken)).ConfigureAwait(false))
            {
                throw new OciException(
                    OciErrorKind.BlobUnknown,
                    $"'{target.Copy.Reference}': the blob {blob.Digest} was sent again, and it still can't be read there: the registry keeps a broken file "
                    + "under this digest. "
                    + "Its administrator has to remove that from the storage; then run again.");
            }
        }
    }
}
