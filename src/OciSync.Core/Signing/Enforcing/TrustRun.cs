using System.Collections.Concurrent;
using OciSync.Core.Flow;
using OciSync.Core.References;
using OciSync.Core.Signing.Judging;
using OciSync.Core.Signing.Stores;

namespace OciSync.Core.Signing.Enforcing;

/// <summary>What all images share that are judged in one run: where signatures lie, and keys that are read once.</summary>
internal sealed class TrustRun(SignatureStores stores, EngineOptions options)
{
    private readonly ConcurrentDictionary<OciPolicy, SignatureJudge> _judges = new();

    /// <summary>How the run works: the clock, and how much is read at the same time.</summary>
    internal EngineOptions Options => options;

    /// <summary>Who judges the manifests of an image.</summary>
    internal ManifestJudge CreateJudge(ImageLocation image, PolicySubject subject, PolicyChoice choice, OciPolicy policy) => new(
        image, subject, choice.Requirements, stores, _judges.GetOrAdd(policy, p => new SignatureJudge(new SignatureCheckers(p.Keys, options.Time).Check)));
}
