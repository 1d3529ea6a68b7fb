using System.Collections.Concurrent;
using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Images;
using OciSync.Core.Manifests;
using OciSync.Core.References;
using OciSync.Core.Signing.Formats;
using OciSync.Core.Signing.Judging;

namespace OciSync.Core.Signing.Enforcing;

/// <summary>
/// Lets an image in or refuses it: by the policy alone before anything is asked, and by the very manifests that are copied once they are read.
/// Of an index each platform is judged, as skopeo does; its own signature says more, and is told.
/// </summary>
/// <param name="image">The image, as the user named it.</param>
/// <param name="options">Which images are let in.</param>
/// <param name="run">What all images of the run share.</param>
internal sealed class TrustGate(ImageLocation image, TrustOptions options, TrustRun run)
{
    private readonly List<FoundSignature> _found = [];
    private ConcurrentDictionary<Digest, IReadOnlyList<FoundSignature>>? _read;
    private PolicySubject? _subject;
    private PolicyChoice? _choice;
    private Digest? _admitted;

    /// <summary>What an entry said of trust, for rows.</summary>
    internal EntryTrust? Entry => options.Entry;

    /// <summary>Signatures stay behind on purpose.</summary>
    internal bool RemovesSignatures => options.RemoveSignatures;

    /// <summary>What nobody has signed is refused, whatever the policy lets in.</summary>
    internal bool IsSignatureRequired => options.Demand != SignatureDemand.AsPolicy;

    /// <summary>Signatures decide, of the manifests themselves.</summary>
    internal bool NeedsSignature { get; private set; }

    /// <summary>What the trust rests on; null as long as no signature was looked at.</summary>
    internal TrustOutcome? Outcome { get; private set; }

    /// <summary>The signatures that were read on the way.</summary>
    internal IReadOnlyList<FoundSignature> Found => _found;

    /// <summary>All signatures of a manifest, where they were read to judge it; else null.</summary>
    internal IReadOnlyList<FoundSignature>? FindRead(Digest manifest) =>
        Volatile.Read(ref _read) is { } read && read.TryGetValue(manifest, out var found) ? found : null;

    /// <summary>Looks what the policy says of the name. Nothing is asked of anybody.</summary>
    /// <exception cref="OciException">It refuses the image whoever signed it (<see cref="OciErrorKind.SignatureRejected"/>).</exception>
    internal void Begin()
    {
        if (_choice is not null)
        {
            return;
        }

        if (options.Policy is not { } policy)
        {
            // Nobody is there whose signatures could count.
            if (options.Demand != SignatureDemand.AsPolicy)
            {
                throw new OciException(
                    OciErrorKind.SignatureRejected, $"'{image}' is refused: signatures are required (-RequireSigned), and there is no policy.");
            }

            return;
        }

        _subject = PolicySubject.Of(image);
        var choice = policy.Content.Choose(_subject);
        var verdict = PolicyVerdict.Of(_subject, choice.Requirements, policy.Keys.Exists);
        if (verdict.Decision == PolicyDecision.Reject)
        {
            throw Refused(OciErrorKind.SignatureRejected, verdict.Reason, choice);
        }

        if (verdict.Decision == PolicyDecision.Accept && options.Demand != SignatureDemand.AsPolicy)
        {
            throw Refused(
                OciErrorKind.SignatureRejected,
                $"{verdict.Reason}, and signatures are required (-RequireSigned)",
                choice,
                "Give it signedBy or sigstoreSigned in the policy, in a scope of its own.");
        }

        NeedsSignature = verdict.Decision == PolicyDecision.NeedsSignature;
        _choice = choice;
    }

    /// <summary>Judges an image by what is read of it, before anything of it is written. The same manifests are judged once.</summary>
    /// <param name="source">The manifest or index that the name points to.</param>
    /// <param name="tree">What of it is copied.</param>
    /// <param name="work">What stops it.</param>
    /// <exception cref="OciException">
    /// It is refused (<see cref="OciErrorKind.SignatureMissing"/>, <see cref="OciErrorKind.SignatureRejected"/>), or it isn't known what signatures
    /// there are.
    /// </exception>
    internal async Task AdmitAsync(Manifest source, ImageTree tree, WorkScope work)
    {
        Begin();
        if (!NeedsSignature || _admitted == tree.Root.Digest)
        {
            return;
        }

        var parts = ImageParts.Of(tree);
        var judged = await JudgeAsync(parts.Platforms.Select(p => p.Digest), work).ConfigureAwait(false);
        var index = !source.IsIndex ? null
            : judged.FirstOrDefault(j => j.Manifest == source.Digest) ?? await TryJudgeAsync(source.Digest, work).ConfigureAwait(false);
        var read = LazyInitializer.EnsureInitialized(ref _read)!;
        judged.Append(index).OfType<JudgedManifest>().Where(j => j.IsComplete).ToList().ForEach(j => read[j.Manifest] = j.Found);
        _found.Clear();
        _found.AddRange(judged.Append(index).OfType<JudgedManifest>().GroupBy(j => j.Manifest).SelectMany(g => g.First().Found));
        if (judged.Find(j => j.Verdict.Status != TrustStatus.Trusted) is { } refused)
        {
            throw Refused(refused, judged, tree, index);
        }

        if (options.Demand == SignatureDemand.RequireIndex && index is { Verdict: { Status: not TrustStatus.Trusted } own })
        {
            var reason = $"its platforms are signed, and its index is not as is required (-RequireSignedIndex): {own.Reason}";
            throw Refused(KindOf(own), reason, _choice!, own.Remedy);
        }

        Outcome = Tell(judged, index, parts.Others.Count);
        _admitted = tree.Root.Digest;
    }

    private static TrustOutcome Tell(List<JudgedManifest> judged, JudgedManifest? index, int others)
    {
        var isIndex = index?.Verdict.Status == TrustStatus.Trusted;
        var signers = judged.Concat(isIndex ? [index!] : []).SelectMany(j => j.Verdict.Signers).Distinct(StringComparer.Ordinal).ToList();
        var note = isIndex || others == 0 ? null : $"{others} attestation{(others == 1 ? " or artifact in it is" : "s or artifacts in it are")} not signed";
        return new TrustOutcome(index is null ? TrustOutcome.Image : isIndex ? TrustOutcome.Index : TrustOutcome.Platforms, signers, note);
    }

    private async Task<List<JudgedManifest>> JudgeAsync(IEnumerable<Digest> manifests, WorkScope work)
    {
        var (judge, wanted) = (run.CreateJudge(image, _subject!, _choice!, options.Policy!), manifests.ToList());
        var judged = new JudgedManifest[wanted.Count];
        await Throttle.ForEachAsync(
            Enumerable.Range(0, wanted.Count),
            run.Options.MaxConnectionsPerRegistry,
            async (i, token) => judged[i] = await judge.JudgeAsync(wanted[i], work.With(token)).ConfigureAwait(false),
            work.Token).ConfigureAwait(false);
        return [.. judged];
    }

    // Where platforms decide, what can't be learnt of the index is no reason to refuse the image.
    private async Task<JudgedManifest?> TryJudgeAsync(Digest index, WorkScope work)
    {
        try
        {
            return (await JudgeAsync([index], work).ConfigureAwait(false))[0];
        }
        catch (OciException e) when (options.Demand != SignatureDemand.RequireIndex)
        {
            return new JudgedManifest(index, new TrustVerdict(TrustStatus.Unknown, e.Message), []);
        }
    }

    private OciException Refused(JudgedManifest refused, List<JudgedManifest> judged, ImageTree tree, JudgedManifest? index)
    {
        var verdict = refused.Verdict;
        var bad = judged.Count(j => j.Verdict.Status != TrustStatus.Trusted);
        var what = judged.Count == 1 && !tree.Root.IsIndex ? verdict.Reason
            : $"of its {judged.Count} {(judged.Count == 1 ? "image" : "images")} {bad} {(bad == 1 ? "is" : "are")} not trusted. The first, "
                + $"{NameOf(tree, refused.Manifest)}: {verdict.Reason}";
        var remedy = verdict.Status == TrustStatus.Unsigned && index is { Verdict.Status: TrustStatus.Trusted or TrustStatus.Untrusted }
            ? "Only its index is signed, and a policy asks for each platform's own signature: sign them too (cosign sign --recursive)."
            : verdict.Remedy;
        return Refused(KindOf(verdict), what, _choice!, remedy);
    }

    private static string NameOf(ImageTree tree, Digest manifest) =>
        tree.Children.Find(c => c.Digest == manifest) is { } child && ImageParts.PlatformOf(tree, child) is { } platform
            ? platform.ToString()
            : manifest.ToString();

    private static OciErrorKind KindOf(TrustVerdict verdict) =>
        verdict.Status == TrustStatus.Unsigned ? OciErrorKind.SignatureMissing : OciErrorKind.SignatureRejected;

    private OciException Refused(OciErrorKind kind, string reason, PolicyChoice choice, string? remedy = null) => new(
        kind, $"'{image}' is refused: {reason} (scope {choice.Text} of '{options.Policy!.Path}').{(remedy is null ? string.Empty : " " + remedy)}");
}
