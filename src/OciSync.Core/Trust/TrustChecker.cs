using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Manifests;
using OciSync.Core.Places;
using OciSync.Core.References;
using OciSync.Core.Signing.Judging;
using OciSync.Core.Syncing;
using OciSync.Core.Text;

namespace OciSync.Core.Trust;

/// <summary>Checks the signatures of an image, or of all images of a folder or archive, one manifest after the other.</summary>
internal sealed class TrustChecker(RegistryPool pool, TrustCheckOptions options)
{
    private readonly BundleRules? _bundles = options.Policy is null ? BundleRules.Of(options) : null;
    private readonly NotaryRules? _notary = options.NotaryFolder is { } folder ? new NotaryRules(folder) : null;

    /// <summary>Gives a row for each manifest, with a failure where that is one for the image.</summary>
    /// <exception cref="OciException">What images there are can't be read.</exception>
    internal async Task RunAsync(ImageLocation location, Func<OciSignatureCheck, OciException?, Task> onRow, CancellationToken cancellationToken)
    {
        var isFolder = location.Image is null && location.Name is null && location.Index is null;
        var images = isFolder ? await FolderContent.ListAsync(pool, location, cancellationToken).ConfigureAwait(false) : [location];
        foreach (var image in images)
        {
            foreach (var (row, failure) in await CheckAsync(image, WorkScope.Uncounted(cancellationToken)).ConfigureAwait(false))
            {
                await onRow(row, failure).ConfigureAwait(false);
            }
        }
    }

    private async Task<IReadOnlyList<(OciSignatureCheck Row, OciException? Failure)>> CheckAsync(ImageLocation image, WorkScope work)
    {
        try
        {
            var rules = TrustRules.Of(image, options, pool.Options.Time);
            if (rules.Foregone is { } foregone)
            {
                return [Tell(new Judged(image, rules, foregone, 0), isNeeded: true)];
            }

            var read = await ImageReading.LoadAsync(pool, image, work).ConfigureAwait(false);
            return await CheckAsync(image, rules, read, work).ConfigureAwait(false);
        }
        catch (OciException e)
        {
            return [(Create(new Judged(image, null, new TrustVerdict(TrustStatus.Unknown, e.Message), 0), e), e)];
        }
    }

    private async Task<IReadOnlyList<(OciSignatureCheck Row, OciException? Failure)>> CheckAsync(
        ImageLocation image, TrustRules rules, ImageReading read, WorkScope work)
    {
        var rows = new List<(OciSignatureCheck, OciException?)>();
        var manifests = read.Manifests.ToList();
        var judged = new Judged[manifests.Count];
        await Throttle.ForEachAsync(
            Enumerable.Range(0, manifests.Count),
            pool.Options.MaxConnectionsPerRegistry,
            async (i, token) => judged[i] = await JudgeAsync(image, rules, read, manifests[i], work.With(token)).ConfigureAwait(false),
            work.Token).ConfigureAwait(false);
        var index = read.HasPlatforms && judged[0].Verdict.Status == TrustStatus.Trusted ? judged[0] : null;
        foreach (var one in judged)
        {
            // What an index names it names by digest: where it is signed, nobody has put anything else there.
            var isCovered = index is not null && (one.Part == "other" || (one.Part == "platform" && rules.IndexCovers))
                && one.Verdict.Status != TrustStatus.Trusted;
            var result = isCovered
                ? one with { Verdict = index!.Verdict with { Reason = "its index is signed, which names it by its digest" } }
                : one;
            var isNeeded = one.Part is "image" or "platform" || (one.Part == "index" && options.RequireIndex);
            rows.Add(Tell(result, isNeeded));
        }

        return rows;
    }

    // A store that doesn't answer leaves the manifest unjudged, and the others are judged all the same.
    private async Task<Judged> JudgeAsync(ImageLocation image, TrustRules rules, ImageReading read, Manifest manifest, WorkScope work)
    {
        Judged judged;
        try
        {
            var found = await pool.Signatures.ReadAsync(image, manifest.Digest, work, isAsked: options.Policy is null).ConfigureAwait(false);
            var (verdict, bundles) = await JudgeReferrersAsync(image, rules.Judge(manifest.Digest, found), manifest.Digest, work).ConfigureAwait(false);
            judged = new Judged(image, rules, verdict, found.Signatures.Count + bundles);
        }
        catch (OciException e)
        {
            judged = new Judged(image, rules, new TrustVerdict(TrustStatus.Unknown, e.Message), 0) { Failure = e };
        }

        return judged with { Manifest = manifest.Digest, Part = read.PartOf(manifest), Platform = read.PlatformOf(manifest) };
    }

    // Asked for where nothing else was enough: it takes a request for the list and two for each.
    private async Task<(TrustVerdict Verdict, int Referrers)> JudgeReferrersAsync(
        ImageLocation image, TrustVerdict verdict, Digest manifest, WorkScope work)
    {
        if (verdict.Status == TrustStatus.Trusted || (_notary is null && _bundles?.AsksForBundles != true))
        {
            return (verdict, 0);
        }

        var found = await pool.Signatures.ReadReferrersAsync(image, manifest, work).ConfigureAwait(false);
        var judged = _notary is null
            ? _bundles!.Judge(manifest, found)
            : _notary.Judge(image, manifest, found, pool.Options.Time.GetUtcNow());
        return (judged is null || (judged.Status != TrustStatus.Trusted && verdict.Status == TrustStatus.Untrusted) ? verdict : judged, found.Count);
    }

    private (OciSignatureCheck Row, OciException? Failure) Tell(Judged judged, bool isNeeded)
    {
        var failure = judged.Verdict.Status == TrustStatus.Trusted || !isNeeded ? null : judged.Failure ?? new OciException(
            judged.Verdict.Status == TrustStatus.Untrusted ? OciErrorKind.SignatureRejected : OciErrorKind.SignatureMissing,
            $"'{judged.Image}'{(judged.Platform is null ? string.Empty : $" ({judged.Platform})")} is not trusted: {judged.Verdict.Reason}."
                + (judged.Verdict.Remedy is { } remedy ? " " + remedy : string.Empty));
        return (Create(judged, failure), failure);
    }

    private OciSignatureCheck Create(Judged judged, OciException? failure) => new()
    {
        Reference = judged.Image.ToString(),
        Status = judged.Verdict.Status.ToString(),
        Part = judged.Part,
        Platform = judged.Platform,
        Digest = judged.Manifest?.ToString(),
        Reason = Printable.Line(judged.Verdict.Reason),
        Remedy = judged.Verdict.Remedy is { } remedy ? Printable.Line(remedy) : null,
        Scope = judged.Rules?.Scope is { } scope ? Printable.Line(scope) : null,
        Requirement = judged.Verdict.Requirement is { } requirement ? Printable.Line(requirement.ToString()) : null,
        Signer = [.. judged.Verdict.Signers.Select(Printable.Text)],
        Signatures = judged.Signatures,
        PolicyPath = options.Policy?.Path,
        ErrorId = failure?.ErrorId,
        Error = failure?.Message,
    };

    private sealed record Judged(ImageLocation Image, TrustRules? Rules, TrustVerdict Verdict, int Signatures)
    {
        internal Digest? Manifest { get; init; }

        internal string Part { get; init; } = "image";

        internal string? Platform { get; init; }

        internal OciException? Failure { get; init; }
    }
}
