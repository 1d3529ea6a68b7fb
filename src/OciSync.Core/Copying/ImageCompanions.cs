using OciSync.Core.Flow;
using OciSync.Core.Images;
using OciSync.Core.References;

namespace OciSync.Core.Copying;

/// <summary>What comes with an image, after it: what speaks of it, its signatures, and those that are made where it goes.</summary>
internal sealed class ImageCompanions
{
    private readonly CopyRun _run;
    private readonly SourceImage _source;
    private readonly Once<ImageTree> _tree;
    private readonly Func<CancellationToken, Task<ImageTree>> _load;
    private readonly CancellationToken _cancellation;
    private readonly SignatureReferrers _signatureReferrers;
    private readonly ReferrerCopier _referrers;
    private readonly SignatureCopier _signatures;
    private readonly SingleFlight<ImageTarget, IReadOnlyList<Digest>> _subjects;

    internal ImageCompanions(
        CopyRun run, SourceImage source, Once<ImageTree> tree, Func<CancellationToken, Task<ImageTree>> load, CancellationToken cancellationToken)
    {
        (_run, _source, _tree, _load, _cancellation) = (run, source, tree, load, cancellationToken);
        _signatureReferrers = new SignatureReferrers(run, source);
        _referrers = new ReferrerCopier(run, source, _signatureReferrers, cancellationToken);
        _signatures = new SignatureCopier(run, source, _signatureReferrers, cancellationToken);
        _subjects = new SingleFlight<ImageTarget, IReadOnlyList<Digest>>(cancellationToken);
    }

    /// <summary>Fails when a destination can't hold what has to come there, before it is asked for anything.</summary>
    internal void Check(ImageTarget target)
    {
        ReferrerCopier.Check(target);
        ImageSigner.Check(_run, target);
    }

    /// <summary>Fails when signatures would be lost and nobody said so, before anything is sent.</summary>
    internal Task CheckSignaturesAsync(ImageTarget target) => _signatures.CheckAsync(target, token => _tree.RunAsync(_load, token));

    /// <summary>What an image that is copied, or would be, leaves behind, in words; null when nothing is known of.</summary>
    /// <remarks>Of a plan it may not have been read.</remarks>
    internal Task<string?> FindLeftAsync(ImageTarget target) => _run.LeftBehind.FindAsync(
        target,
        _source,
        [.. (_tree.TryGet(out var tree) ? tree!.Children.Append(tree.Root).Select(m => m.Digest) : []).Prepend(_source.Digest!).Distinct()],
        _signatureReferrers,
        _cancellation);

    /// <summary>Brings what is missing at a destination that has the image by now, or would have it, and signs it there.</summary>
    /// <returns>False when the user declined.</returns>
    internal async Task<bool> BringAsync(ImageTarget target) => await BringReferrersAsync(target).ConfigureAwait(false)
        && await _signatures.CopyAsync(target, token => FindSignedAsync(target, token)).ConfigureAwait(false)
        && await new ImageSigner(_run, _source, _cancellation).SignAsync(target, token => FindSubjectsAsync(target, token)).ConfigureAwait(false);

    private async Task<bool> BringReferrersAsync(ImageTarget target) => target.IncludeReferrer
        ? await _referrers.CopyAsync(target, token => FindSubjectsAsync(target, token)).ConfigureAwait(false)
        : !await _signatures.BringsReferrersAsync(target).ConfigureAwait(false)
            || await _referrers.CopySignaturesAsync(target, token => FindSignedAsync(target, token)).ConfigureAwait(false);

    // Manifests that were made on the way have no signatures at the source.
    private async Task<IReadOnlyList<Digest>> FindSignedAsync(ImageTarget target, CancellationToken cancellationToken)
    {
        var there = await FindSubjectsAsync(target, cancellationToken).ConfigureAwait(false);
        return _source.Manifests.Count == 0 ? there : [.. there.Intersect(_source.Manifests)];
    }

    private Task<IReadOnlyList<Digest>> FindSubjectsAsync(ImageTarget target, CancellationToken cancellationToken) =>
        _subjects.RunAsync(target, token => FindSubjectsOnceAsync(target, token), cancellationToken);

    // An image that is up to date is read where it is no pull from the source: in a folder or archive, or at the destination.
    private async Task<IReadOnlyList<Digest>> FindSubjectsOnceAsync(ImageTarget target, CancellationToken cancellationToken)
    {
        if (_tree.TryGet(out var tree) || !target.IsUpToDate || target.Copy.Client is not IImageSource there)
        {
            tree ??= await _tree.RunAsync(_load, cancellationToken).ConfigureAwait(false);
            return [tree.Root.Digest, .. tree.Children.Select(c => c.Digest)];
        }

        var reader = _source.Reference.Image is null && _source.Wanted == _source.Digest ? _source.Client : there;
        return await ImageTree.ListManifestsAsync(reader, _source.Wanted!, target.Copy.Work(cancellationToken)).ConfigureAwait(false);
    }
}
