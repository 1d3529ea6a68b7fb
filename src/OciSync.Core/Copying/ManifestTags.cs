using OciSync.Core.Manifests;
using OciSync.Core.References;

namespace OciSync.Core.Copying;

/// <summary>
/// The tags of a repository that are named after a manifest: the list of referrers of a registry without their API, and cosign's. They are found by the
/// manifest: looked for among all tags, each of many images would cost as much as there are tags.
/// </summary>
/// <param name="tags">All tags.</param>
internal sealed class ManifestTags(IEnumerable<string> tags)
{
    // What a tag begins with that is named after a sha256 or sha512 digest (ReferrerIndex.TagFor) is no shorter; few others are as long.
    private const int Shortest = 64;

    private readonly ILookup<string, string> _tags = tags.Where(t => t.Length > Shortest).ToLookup(NameOf, StringComparer.Ordinal);

    /// <summary>How many are named after the manifest.</summary>
    /// <param name="manifest">Its digest.</param>
    /// <param name="withSignatures">Those of cosign's signatures count too.</param>
    internal int Count(Digest manifest, bool withSignatures) =>
        _tags[ReferrerIndex.TagFor(manifest)].Count(t => withSignatures || !t.EndsWith(".sig", StringComparison.Ordinal));

    // Up to the dot, behind which cosign says what it is.
    private static string NameOf(string tag) => tag.IndexOf('.') is > 0 and var dot ? tag.Substring(0, dot) : tag;
}
