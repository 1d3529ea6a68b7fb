using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Images;
using OciSync.Core.References;
using OciSync.Core.Signing.Carrying;
using OciSync.Core.Signing.Formats;
using OciSync.Core.Signing.Stores;

namespace OciSync.Core.Copying;

/// <summary>
/// Brings the signatures of an image to where the image is by now, where the destination has a place for them. Before anything is sent it is looked
/// whether some would be lost: those of manifests that change on the way are of use to nobody.
/// </summary>
internal sealed class SignatureCopier
{
    private readonly CopyRun _run;
    private readonly SourceImage _source;
    private readonly CancellationToken _cancellation;
    private readonly bool _isReferrerSource;
    private readonly SourceSignatures _signatures;
    private readonly SignatureReferrers _referrers;

    internal SignatureCopier(CopyRun run, SourceImage source, SignatureReferrers referrers, CancellationToken cancellationToken)
    {
        (_run, _source, _referrers, _cancellation) = (run, source, referrers, cancellationToken);
        _isReferrerSource = source.Client is IReferrerStore;
        _signatures = new SourceSignatures(run.Pool.Signatures, source.Reference, source.Client, source.Trust.FindRead, MayHave);
    }

    private WorkScope Work => _source.Work(_cancellation);

    /// <summary>Looks what becomes of the signatures of an image that is to be copied, before anything is asked or sent.</summary>
    /// <param name="target">Where it goes.</param>
    /// <param name="load">Reads the manifests that are copied.</param>
    /// <exception cref="OciException">
    /// Some would be lost and nobody said so (<see cref="OciErrorKind.SignatureLost"/>), or it isn't known what signatures there are.
    /// </exception>
    internal async Task CheckAsync(ImageTarget target, Func<CancellationToken, Task<ImageTree>> load)
    {
        if (_source.Trust.RemovesSignatures || !await _signatures.MayBeAsync(Work).ConfigureAwait(false))
        {
            return;
        }

        var tree = await load(_cancellation).ConfigureAwait(false);
        target.Signatures.IsKnown = true;
        var found = await FindAllAsync(target).ConfigureAwait(false);
        if (found.Count == 0)
        {
            return;
        }

        var kept = IsKept(target.Copy.Reference) ? new HashSet<Digest>(tree.Children.Append(tree.Root).Select(m => m.Digest)) : [];
        var travelling = found.Where(f => kept.Contains(f.Manifest)).ToList();
        var lost = found.Where(f => !kept.Contains(f.Manifest)).ToList();
        RefuseLoss(target, lost, travelling);
        target.Signatures.Any = travelling.Count > 0;
        target.Signatures.HasAttached = found.Exists(f => f.Signatures.Any(s => s is { Kind: SignatureKind.Sigstore, IsReferrer: false }));
        target.Signatures.Left = await FindLeftAsync(target, travelling).ConfigureAwait(false);
        RefuseLeft(target);

        // What signs the whole, or the image as it was, does not speak of what is copied.
        target.Signatures.Left = lost.Count == 0 ? target.Signatures.Left
            : [.. target.Signatures.Left, $"{Describe(lost.SelectMany(l => l.Signatures))} of other digests stay behind"];
    }

    /// <summary>Whether signatures that are referrers come to a destination, as they are looked for and it has a place for them.</summary>
    internal async Task<bool> BringsReferrersAsync(ImageTarget target) => !_source.Trust.RemovesSignatures
        && target.Instead is null && IsKept(target.Copy.Reference)
        && await _signatures.MayBeAsync(Work).ConfigureAwait(false) && _referrers.AreSought
        && await PlaceOf(target).FindObstacleAsync(SignatureKind.Bundle, isReferrer: true, target.Copy.Work(_cancellation)).ConfigureAwait(false) is null;

    /// <summary>Brings the signatures that are missing at a destination, which has the image by now, but for those that are referrers.</summary>
    /// <returns>False when the user declined.</returns>
    internal async Task<bool> CopyAsync(ImageTarget target, Func<CancellationToken, Task<IReadOnlyList<Digest>>> manifests)
    {
        if (_source.Trust.RemovesSignatures || target.Instead is not null || !IsKept(target.Copy.Reference)
            || !await _signatures.MayBeAsync(Work).ConfigureAwait(false))
        {
            return true;
        }

        var kinds = await FindPlacesAsync(target).ConfigureAwait(false);
        if (kinds.Count == 0)
        {
            return true;
        }

        var found = await FindAsync(await manifests(_cancellation).ConfigureAwait(false)).ConfigureAwait(false);
        var missing = await FindMissingAsync(target, found, kinds).ConfigureAwait(false);
        var count = missing.Sum(m => m.Signatures.Count);
        if (count == 0 || _run.IsReadOnly)
        {
            target.Signatures.Count = count;
            return true;
        }

        target.Signatures.Expected = count;
        if (!await _run.ConfirmAsync(target, _source).ConfigureAwait(false))
        {
            return false;
        }

        foreach (var (manifest, signatures) in missing)
        {
            await AppendAsync(target, manifest, signatures).ConfigureAwait(false);
        }

        return true;
    }

    private async Task AppendAsync(ImageTarget target, Digest manifest, List<ListedSignature> signatures)
    {
        var read = new List<FoundSignature>();
        foreach (var signature in signatures)
        {
            read.Add(await signature.ReadAsync(Work).ConfigureAwait(false));
        }

        await PlaceOf(target).AppendAsync(manifest, read, target.Copy.Work(_cancellation)).ConfigureAwait(false);
        target.Signatures.Count += read.Count;
    }

    // A list of tags that the run has anyway spares questions.
    private bool MayHave(string tag) =>
        _source.Reference.Image is not { } image || _run.Lists.TryGet(image.WithTag(null)) is not { } names || names.Contains(tag, StringComparer.Ordinal);

    // Docker's archives and older engines take images apart.
    private bool IsKept(ImageLocation destination) =>
        _run.Pool.Engines.KindOf(destination) is not (ImageTransport.DockerArchive or ImageTransport.DockerDaemon);

    private DestinationSignatures PlaceOf(ImageTarget target) => new(_run.Pool.Signatures, target.Copy.Reference, target.Copy.Client);

    // Where all referrers come along, and nothing changes on the way, a registry is not asked for those that are signatures by themselves.
    private async Task<List<SignedManifest>> FindAllAsync(ImageTarget target)
    {
        var found = await FindAsync(_source.Manifests).ConfigureAwait(false);
        return target.IncludeReferrer && _source.Reference.Image is not null && _source.Wanted == _source.Digest ? found
            : [.. found, .. (await _referrers.ListAsync(_source.Manifests, _cancellation).ConfigureAwait(false))
                .GroupBy(r => r.Subject).Select(g => new SignedManifest(g.Key, [.. g.Select(r => r.AsSignature())]))];
    }

    private async Task<List<SignedManifest>> FindAsync(IReadOnlyList<Digest> manifests)
    {
        var found = new SignedManifest[manifests.Count];
        await Throttle.ForEachAsync(
            Enumerable.Range(0, manifests.Count),
            _run.Options.MaxConnectionsPerRegistry,
            async (i, token) => found[i] = new SignedManifest(
                manifests[i], await _signatures.ListAsync(manifests[i], _source.Work(token)).ConfigureAwait(false)),
            _cancellation).ConfigureAwait(false);
        return [.. found.Where(f => f.Signatures.Count > 0)];
    }

    private void RefuseLoss(ImageTarget target, List<SignedManifest> lost, List<SignedManifest> travelling)
    {
        // One platform of an index that is signed by itself stays signed; what is signed anew does not miss what was signed before.
        if (lost.Count == 0 || target.Signing.IsWanted || (_source.Chosen is not null && travelling.Count > 0))
        {
            return;
        }

        var cause = !IsKept(target.Copy.Reference) ? $"'{target.Copy.Reference.PlaceName}' takes images apart"
            : _source.Note ?? _source.LeftOut ?? "it changes on the way";
        throw Lost(
            $"'{_source.Reference}' would lose {Describe(lost.SelectMany(l => l.Signatures))}, as what is copied has other digests: {cause}. "
                + "-RemoveSignature copies it without them, and -SigningKeyPath or -SignBy signs what is copied anew"
                + (_source is { LeftOut: not null, Note: null } && IsKept(target.Copy.Reference) ? "; -KeepIndex leaves the index as it is." : "."));
    }

    private void RefuseLeft(ImageTarget target)
    {
        if (target.Signatures.Left.Count > 0 && _source.Trust.IsSignatureRequired)
        {
            throw Lost(
                $"'{_source.Reference}' has to be signed (-RequireSigned), and its signatures would not be beside it at '{target.Copy.Reference}': "
                    + $"{string.Join("; ", target.Signatures.Left)}.");
        }
    }

    private async Task<IReadOnlyList<string>> FindLeftAsync(ImageTarget target, List<SignedManifest> found)
    {
        var left = new List<string>();
        foreach (var kind in found.SelectMany(f => f.Signatures).GroupBy(s => (s.Kind, s.IsReferrer)).OrderBy(k => k.Key))
        {
            if (!IsReferrer(target, kind.Key.Kind, kind.Key.IsReferrer)
                && await PlaceOf(target).FindObstacleAsync(kind.Key.Kind, kind.Key.IsReferrer, target.Copy.Work(_cancellation)).ConfigureAwait(false)
                    is { } obstacle)
            {
                left.Add($"{Describe(kind)} stay{(kind.Count() == 1 ? "s" : string.Empty)} behind: {obstacle}");
            }
        }

        return left;
    }

    // The kinds that are brought here and have a place there: what is a referrer comes with those.
    private async Task<List<SignatureKind>> FindPlacesAsync(ImageTarget target)
    {
        var kinds = new List<SignatureKind>();
        foreach (var kind in new[] { SignatureKind.OpenPgp, SignatureKind.Sigstore }.Where(k => !IsReferrer(target, k, false)))
        {
            if (await PlaceOf(target).FindObstacleAsync(kind, isReferrer: false, target.Copy.Work(_cancellation)).ConfigureAwait(false) is null)
            {
                kinds.Add(kind);
            }
        }

        return kinds;
    }

    private async Task<List<(Digest Manifest, List<ListedSignature> Signatures)>> FindMissingAsync(
        ImageTarget target, List<SignedManifest> found, List<SignatureKind> kinds)
    {
        var missing = new List<(Digest, List<ListedSignature>)>();
        foreach (var (manifest, signatures) in found)
        {
            foreach (var kind in signatures.Where(s => kinds.Contains(s.Kind)).GroupBy(s => s.Kind))
            {
                var there = await PlaceOf(target).ListAsync(manifest, kind.Key, target.Copy.Work(_cancellation)).ConfigureAwait(false);
                missing.Add((manifest, kind.Where(s => there.Add(s.Key)).ToList()));
            }
        }

        missing.RemoveAll(m => m.Item2.Count == 0);
        return missing;
    }

    // Where referrers are asked for, they all come along, and attachments count as such.
    private bool IsReferrer(ImageTarget target, SignatureKind kind, bool isReferrer) =>
        target.IncludeReferrer && _isReferrerSource && (isReferrer || kind == SignatureKind.Sigstore);

    private static string Describe(IEnumerable<ListedSignature> signatures) => string.Join(
        " and ",
        signatures.GroupBy(s => s.Kind).OrderBy(k => k.Key).Select(k => $"{k.Count()} {NameOf(k.Key)}{(k.Count() == 1 ? string.Empty : "s")}"));

    private static string NameOf(SignatureKind kind) => kind switch
    {
        SignatureKind.OpenPgp => "OpenPGP signature",
        SignatureKind.Sigstore => "sigstore signature",
        SignatureKind.Bundle => "sigstore bundle",
        _ => "Notary signature",
    };

    private static OciException Lost(string message) => new(OciErrorKind.SignatureLost, message);

    private sealed record SignedManifest(Digest Manifest, IReadOnlyList<ListedSignature> Signatures);
}
