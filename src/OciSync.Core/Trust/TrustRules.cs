using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.References;
using OciSync.Core.Signing;
using OciSync.Core.Signing.Judging;
using OciSync.Core.Signing.Stores;

namespace OciSync.Core.Trust;

/// <summary>By what the manifests of one image are judged: the requirements of a policy, or keys of which one is enough.</summary>
internal sealed class TrustRules
{
    private static readonly string[] PemLabels = ["PUBLIC KEY", "RSA PUBLIC KEY", "EC PUBLIC KEY"];

    private readonly PolicySubject _subject;
    private readonly IReadOnlyList<IReadOnlyList<PolicyRequirement>> _ways;
    private readonly SignatureJudge _judge;

    private TrustRules(PolicySubject subject, IReadOnlyList<IReadOnlyList<PolicyRequirement>> ways, KeyFiles keys, TimeProvider time)
    {
        _subject = subject;
        _ways = ways;
        _judge = new SignatureJudge(new SignatureCheckers(keys, time).Check);
    }

    private string Compared { get; init; } = string.Empty;

    /// <summary>The scope that decides, or null where keys are given.</summary>
    internal string? Scope { get; private init; }

    /// <summary>What can be said before a signature is looked at; null where signatures decide.</summary>
    internal TrustVerdict? Foregone { get; private init; }

    /// <summary>Whether a signature of the index is enough for all that it names by their digests: so it is with keys, and not with policies.</summary>
    internal bool IndexCovers { get; private init; }

    /// <exception cref="OciException">The image's path can't be followed, or the name that was given is none.</exception>
    internal static TrustRules Of(ImageLocation image, TrustCheckOptions options, TimeProvider time)
    {
        var subject = PolicySubject.Of(image);
        if (options.Policy is not { } policy)
        {
            var identity = FindIdentity(subject, options);
            return new TrustRules(subject, OfKeys(options, identity), new KeyFiles(string.Empty), time)
            {
                IndexCovers = true,
                Compared = identity is SignedIdentity.AnyName ? "; the name it was signed under is not compared" : string.Empty,
            };
        }

        var choice = policy.Content.Choose(subject);
        var verdict = PolicyVerdict.Of(subject, choice.Requirements, policy.Keys.Exists);
        return new TrustRules(subject, [choice.Requirements], policy.Keys, time)
        {
            Scope = choice.Text,
            Foregone = verdict.Decision switch
            {
                PolicyDecision.Reject => new TrustVerdict(TrustStatus.Untrusted, verdict.Reason) { Requirement = choice.Requirements[0] },
                PolicyDecision.Accept => new TrustVerdict(TrustStatus.Unknown, "the policy lets it in and asks for no signature")
                {
                    Requirement = choice.Requirements[0],
                    Remedy = "-PublicKeyPath says whose signature is asked for, or -TrustedRootPath with -CertificateIdentity and -CertificateIssuer.",
                },
                _ => null,
            },
        };
    }

    /// <summary>Judges a manifest by the signatures beside it; of several ways the first that is satisfied, or what comes nearest.</summary>
    internal TrustVerdict Judge(Digest manifest, StoredSignatures found)
    {
        if (_ways.Count == 0)
        {
            return new TrustVerdict(TrustStatus.Unsigned, "a signature of the kind that was asked for is required, and there is none");
        }

        var verdicts = _ways.Select(w => _judge.Judge(_subject, w, manifest, found.Signatures)).OrderBy(v => v.Status).ToList();
        var verdict = verdicts[0].Status == TrustStatus.Unsigned && found.Notes.Count > 0
            ? verdicts[0] with { Reason = $"{verdicts[0].Reason}; {string.Join("; ", found.Notes)}" }
            : verdicts[0];
        return Scope is null ? OfKeys(verdict) : verdict;
    }

    // There is no policy that could be written otherwise.
    private TrustVerdict OfKeys(TrustVerdict verdict) => verdict with
    {
        Requirement = null,
        Reason = verdict.Status == TrustStatus.Trusted ? $"signed by a key that was given{Compared}" : verdict.Reason,
        Remedy = verdict.Remedy is null ? null : "If that is the name it is signed under, give it with -Identity; -IdentityMatch Any takes every name.",
    };

    private static IReadOnlyList<IReadOnlyList<PolicyRequirement>> OfKeys(TrustCheckOptions options, SignedIdentity identity)
    {
        var (sigstore, openPgp) = (options.Keys.Where(IsPem).ToArray(), options.Keys.Where(k => !IsPem(k)).ToArray());
        var ways = new List<IReadOnlyList<PolicyRequirement>>();
        if (openPgp.Length > 0)
        {
            ways.Add([new PolicyRequirement.SignedBy(KeyTypes.Gpg, KeySource.OfData(openPgp), identity)]);
        }

        if (sigstore.Length > 0)
        {
            ways.Add([new PolicyRequirement.SigstoreSigned(KeySource.OfData(sigstore), null, null, null, identity)]);
        }

        return ways;
    }

    private static SignedIdentity FindIdentity(PolicySubject subject, TrustCheckOptions options)
    {
        if (options.Identity is null)
        {
            return options.Match switch
            {
                NameMatch.Any => new SignedIdentity.AnyName(),
                NameMatch.Exact => new SignedIdentity.MatchRepoDigestOrExact(),
                NameMatch.Repository => new SignedIdentity.MatchRepository(),
                _ => subject.Name is null ? new SignedIdentity.AnyName() : new SignedIdentity.MatchRepository(),
            };
        }

        var name = DockerName.Parse(options.Identity, out var fault)
            ?? throw new OciException(OciErrorKind.ReferenceInvalid, $"'{options.Identity}' is no name that an image can be signed under: {fault}.");
        return options.Match switch
        {
            NameMatch.Any => new SignedIdentity.AnyName(),
            NameMatch.Repository => new SignedIdentity.ExactRepository(name.Repository),
            _ => name.IsNameOnly ? new SignedIdentity.ExactRepository(name.Repository) : new SignedIdentity.ExactReference(name),
        };
    }

    // OpenPGP's armour is no PEM, though it looks like it.
    private static bool IsPem(byte[] content)
    {
        var text = System.Text.Encoding.ASCII.GetString(content, 0, Math.Min(content.Length, 64 * 1024));
        return PemLabels.Any(l => text.Contains($"-----BEGIN {l}-----"));
    }
}
