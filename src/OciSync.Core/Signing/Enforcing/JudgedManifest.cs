using OciSync.Core.References;
using OciSync.Core.Signing.Formats;
using OciSync.Core.Signing.Judging;

namespace OciSync.Core.Signing.Enforcing;

/// <summary>A manifest with what was found beside it and what came of that.</summary>
/// <param name="Manifest">Its digest.</param>
/// <param name="Verdict">What came of it.</param>
/// <param name="Found">The signatures that were read.</param>
internal sealed record JudgedManifest(Digest Manifest, TrustVerdict Verdict, IReadOnlyList<FoundSignature> Found)
{
    /// <summary>All kinds were looked for, and not only those that the policy can use.</summary>
    internal bool IsComplete { get; init; }
}
