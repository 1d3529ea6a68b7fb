using OciSync.Core.Copying.Blobs;
using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Images;
using OciSync.Core.Manifests;
using OciSync.Core.References;
using OciSync.Core.Signing.Attaching;
using OciSync.Core.Signing.Formats;
using OciSync.Core.Signing.Stores;

namespace OciSync.Core.Copying;

/// <summary>
/// Brings what speaks of an image to where the image is by now. Only what is missing there is brought; one that can't be is a failure of
/// the row, after the others.
/// </summary>
internal sealed class ReferrerCopier(CopyRun run, SourceImage source, SignatureReferrers signatures, CancellationToken cancellationToken)
{
    private const int Parallel = 4;

    // The source as it is: the image may be read by way of a conversion.
    private readonly IImageSource _client = source.Client;
    private readonly BlobDelivery _delivery = new(source.Client, run.Ledger, run.Options, cancellationToken);
    private readonly Once<SourceReferrers> _found = new(cancellationToken);

    /// <summary>Fails when a destination can't hold referrers.</summary>
    internal static void Check(ImageTarget target)
    {
        if (target.IncludeReferrer && target.Copy.Client is not IReferrerStore)
        {
            throw new OciException(
                OciErrorKind.TransportUnsupported,
                $"'{target.Copy.Reference}' can't hold bundles, SBOMs and other referrers (-IncludeReferrer). "
                    + "A registry and an OCI layout (oci:path, oci-archive:path) can.");
        }
    }

    /// <summary>Brings all that speaks of the image.</summary>
    /// <returns>False when the user declined.</returns>
    internal async Task<bool> CopyAsync(ImageTarget target, Func<CancellationToken, Task<IReadOnlyList<Digest>>> subjects)
    {
        var found = await _found.RunAsync(token => FindAsync(subjects, token), cancellationToken).ConfigureAwait(false);
        return await CopyAsync(target, found.All.Where(r => !source.Trust.RemovesSignatures || !r.IsSignature), found.Faults).ConfigureAwait(false);
    }

    /// <summary>Brings the signatures among them.</summary>
    /// <returns>False when the user declined.</returns>
    internal async Task<bool> CopySignaturesAsync(ImageTarget target, Func<CancellationToken, Task<IReadOnlyList<Digest>>> subjects)
    {
        var asked = await subjects(cancellationToken).ConfigureAwait(false);
        return await CopyAsync(target, await signatures.ListAsync(asked, cancellationToken).ConfigureAwait(false), []).ConfigureAwait(false);
    }

    private async Task<bool> CopyAsync(ImageTarget target, IEnumerable<Referrer> found, IReadOnlyList<OciException> faults)
    {
        var groups = new List<List<Referrer>>();
        foreach (var group in found.GroupBy(r => r.Subject))
        {
            groups.Add(await FindMissingAsync(target, group.Key, group.ToList()).ConfigureAwait(false));
        }

        groups.RemoveAll(g => g.Count == 0);
        if (run.IsReadOnly)
        {
            target.Referrers.Add(groups.Sum(g => g.Count));
            await CountAsync(target, groups.SelectMany(g => g)).ConfigureAwait(false);
        }
        else if (groups.Count > 0)
        {
            target.Referrers.Expected = groups.Sum(g => g.Count);
            if (!await run.ConfirmAsync(target, source).ConfigureAwait(false))
            {
                return false;
            }
        }

        var failures = faults.ToList();
        foreach (var group in run.IsReadOnly ? [] : groups)
        {
            failures.AddRange(await CopyOnceAsync(target, group).ConfigureAwait(false));
        }

        return failures.Count == 0 ? true : throw Sum(failures);
    }

    private async Task CountAsync(ImageTarget target, IEnumerable<Referrer> missing)
    {
        if (run.Cost is { } cost)
        {
            foreach (var referrer in missing)
            {
                await cost.AddReferrerAsync(source, referrer.Tree, target, Parallel, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task<SourceReferrers> FindAsync(Func<CancellationToken, Task<IReadOnlyList<Digest>>> subjects, CancellationToken token)
    {
        var asked = await subjects(token).ConfigureAwait(false);
        if (source.Wanted != source.Digest)
        {
            run.Events.Warn(
                $"'{source.Reference}' is changed on its way: signatures and other referrers of the whole don't speak of what is copied, and stay where they "
                + "are.");
        }

        return await SourceReferrers.LoadAsync(_client, source.Reference, asked, source.Work(token)).ConfigureAwait(false);
    }

    private async Task<List<Referrer>> FindMissingAsync(ImageTarget target, Digest subject, List<Referrer> group)
    {
        var copy = target.Copy;
        var listed = new HashSet<Digest>();
        if (group.Exists(r => r.Tag is null))
        {
            listed.UnionWith((await ListAsync(copy, subject).ConfigureAwait(false)).Select(d => d.Digest));
        }

        var missing = new List<Referrer>();
        foreach (var referrer in group)
        {
            var isThere = referrer.Tag is null ? listed.Contains(referrer.Digest) : await HasTagAsync(copy, referrer).ConfigureAwait(false);
            if (!isThere || (copy.IsVerifying && !await IsWholeAsync(copy, referrer.Tree).ConfigureAwait(false)))
            {
                missing.Add(referrer);
            }
        }

        return missing;
    }

    private async Task<IReadOnlyList<Descriptor>> ListAsync(DestinationCopy copy, Digest subject)
    {
        try
        {
            return await ((IReferrerStore)copy.Client).ListReferrersAsync(subject, copy.Work(cancellationToken)).ConfigureAwait(false);
        }
        catch (OciException e) when (e.Kind == OciErrorKind.RepositoryUnknown)
        {
            // The first image is only planned.
            return [];
        }
    }

    private async Task<bool> IsWholeAsync(DestinationCopy copy, ImageTree tree)
    {
        foreach (var manifest in tree.Children.Append(tree.Root))
        {
            if (await copy.Client.HeadManifestAsync(manifest.Digest.ToString(), copy.Work(cancellationToken)).ConfigureAwait(false) is null)
            {
                return false;
            }
        }

        foreach (var blob in tree.Blobs.Where(b => !copy.Elsewhere.Contains(b.Digest)))
        {
            if (!await copy.Client.CanReadBlobAsync(blob, copy.Work(cancellationToken)).ConfigureAwait(false))
            {
                return false;
            }
        }

        return true;
    }

    // cosign collects signatures in one manifest: what the destination has beside the source's stays.
    private async Task<bool> HasTagAsync(DestinationCopy copy, Referrer referrer)
    {
        var reference = copy.Reference.NameBeside(referrer.Tag!);
        var head = await copy.Client.HeadManifestAsync(reference, copy.Work(cancellationToken)).ConfigureAwait(false);
        if (head is null || head.Digest == referrer.Digest || copy.Client is not IImageSource reader)
        {
            return head is not null && head.Digest == referrer.Digest;
        }

        var there = await reader.GetManifestAsync(head.Digest.ToString(), copy.Work(cancellationToken)).ConfigureAwait(false);
        var layers = new HashSet<string>(there.Layers.Select(l => ListedSignature.KeyOf(l.Digest, l.Annotations)), StringComparer.Ordinal);
        if (!there.IsIndex && referrer.Tree.Root.Layers.Count > 0
            && referrer.Tree.Root.Layers.All(l => layers.Contains(ListedSignature.KeyOf(l.Digest, l.Annotations))))
        {
            copy.Events.Tell($"'{copy.Reference}': {referrer.Tag} has all of the source's entries there, and more; it stays.");
            return true;
        }

        if (referrer.IsAttachment)
        {
            // The list there gets what it lacks.
            return false;
        }

        copy.Events.Warn(
            $"'{copy.Reference}': {referrer.Tag} is another one there, {head.Digest}; {(run.IsReadOnly ? "it would be" : "it is")} replaced by the source's.");
        return false;
    }

    // Rows of one repository may be of the same image: its referrers are brought once. An entry may bring its signatures alone, and another all of them.
    private async Task<IReadOnlyList<OciException>> CopyOnceAsync(ImageTarget target, List<Referrer> group)
    {
        try
        {
            await run.ReferrersWritten.RunAsync(
                (target.Copy.Client.Key, string.Join(" ", group.Select(r => r.Digest.ToString()).OrderBy(d => d, StringComparer.Ordinal))),
                async _ =>
                {
                    var failures = await CopyGroupAsync(target, group).ConfigureAwait(false);
                    return failures.Count == 0 ? true : throw new ReferrerFailures(failures);
                },
                cancellationToken).ConfigureAwait(false);
            return [];
        }
        catch (ReferrerFailures e)
        {
            return e.All;
        }
    }

    private async Task<List<OciException>> CopyGroupAsync(ImageTarget target, List<Referrer> group)
    {
        var failures = new List<OciException>();
        var written = new List<Manifest>();
        await Throttle.ForEachAsync(
            group,
            Parallel,
            async (referrer, _) =>
            {
                try
                {
                    await CopyAsync(target, referrer).ConfigureAwait(false);
                    lock (written)
                    {
                        written.AddRange(referrer.Tag is null || target.Copy.Reference.Image is null ? [referrer.Tree.Root] : []);
                    }
                }
                catch (OciException e)
                {
                    lock (written)
                    {
                        failures.Add(
                            SourceReferrers.Lost(
                                e, $"The referrer {referrer.Tag ?? referrer.Digest.ToString()} of {referrer.Subject} could not be brought to "
                                    + $"'{target.Copy.Reference}'"));
                    }
                }
            },
            cancellationToken).ConfigureAwait(false);
        if (written.Count > 0)
        {
            await AttachAsync(target, group[0].Subject, written, failures).ConfigureAwait(false);
        }

        return failures;
    }

    private async Task AttachAsync(ImageTarget target, Digest subject, List<Manifest> written, List<OciException> failures)
    {
        try
        {
            await ((IReferrerStore)target.Copy.Client).AttachAsync(subject, written, target.Copy.Work(cancellationToken)).ConfigureAwait(false);
        }
        catch (OciException e)
        {
            failures.Add(SourceReferrers.Lost(e, $"The referrers of {subject} are at '{target.Copy.Reference}', and can't be found there by their subject"));
        }
    }

    private async Task CopyAsync(ImageTarget target, Referrer referrer)
    {
        // A failure of one referrer is not one of the image, nor of the others.
        using var copy = target.Copy.Beside();
        try
        {
            if (referrer.IsAttachment && await TryAppendAsync(copy, referrer).ConfigureAwait(false))
            {
                target.Referrers.Add(1);
                return;
            }

            await Throttle.ForEachAsync(
                referrer.Tree.Blobs,
                Parallel,
                async (blob, _) =>
                {
                    var (shared, each) = _delivery.Deliver(blob, [copy]);
                    await shared.ConfigureAwait(false);
                    await Task.WhenAll(each).ConfigureAwait(false);
                },
                cancellationToken).ConfigureAwait(false);
            if (copy.Failure is { } failure)
            {
                throw failure;
            }

            await PushAsync(target, copy, referrer).ConfigureAwait(false);
            target.Referrers.Add(1);
        }
        finally
        {
            target.Referrers.Add(copy);
        }
    }

    // Who mirrors may sign too, in the same list of attachments: the source's are added to it. False where there is no list yet.
    private async Task<bool> TryAppendAsync(DestinationCopy copy, Referrer referrer)
    {
        var work = copy.Work(cancellationToken);
        var there = copy.Client is IImageSource reader ? new AttachmentSignatures(reader, copy.Reference.NameBeside) : null;
        if (there is null || await there.FindAsync(referrer.Tag!, work).ConfigureAwait(false) is not { } list || list.Digest == referrer.Digest)
        {
            return false;
        }

        var store = new AttachmentSignatures(_client);
        var signatures = new List<FoundSignature>();
        foreach (var layer in referrer.Tree.Root.Layers)
        {
            signatures.Add(await store.ReadAsync(referrer.Subject, layer, source.Work(cancellationToken)).ConfigureAwait(false));
        }

        await new AttachmentWriter((IImageSource)copy.Client, copy.Client, copy.Reference.NameBeside)
            .AppendAsync(referrer.Subject, signatures, work).ConfigureAwait(false);
        return true;
    }

    private async Task PushAsync(ImageTarget target, DestinationCopy copy, Referrer referrer)
    {
        var pusher = new ManifestPusher(copy, _delivery, run.ManifestsWritten);
        await pusher.PushChildrenAsync(referrer.Tree, cancellationToken).ConfigureAwait(false);
        var reference = referrer.Tag is null ? referrer.Digest.ToString() : copy.Reference.NameBeside(referrer.Tag);
        // In a layout an entry of the index is made by its subject; by its tag it has a name of its own.
        await pusher.PushAsync(reference, referrer.Tree.Root, referrer.Tree, cancellationToken, isPart: referrer.Tag is null).ConfigureAwait(false);
        if (referrer.Tag is not null)
        {
            target.Copy.Tags.Learn(reference);
        }
    }

    private OciException Sum(List<OciException> failures) => failures.Count == 1
        ? failures[0]
        : failures[0].With(
            message: $"{failures.Count} referrers of '{source.Reference}' are not there. The first: {failures[0].Message}", inner: failures[0]);

    private sealed class ReferrerFailures(IReadOnlyList<OciException> all) : Exception
    {
        internal IReadOnlyList<OciException> All { get; } = all;
    }
}
