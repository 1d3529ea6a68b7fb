using System.Text.Json.Nodes;
using OciSync.Core.Manifests;

namespace OciSync.Core.Distribution;

/// <summary>
/// Pages of the list of what speaks of a manifest: clients read no more of it than of a manifest (distribution-spec 1.1, "Listing
/// Referrers").
/// </summary>
internal static class ReferrerPage
{
    // Well below the 4 MiB of a manifest.
    private const int LongestPage = 2 * 1024 * 1024;

    /// <summary>The entries of a page, and the digest that the next one begins behind; null when there is no next one.</summary>
    internal static (JsonArray Page, string? Last) Cut(IReadOnlyList<Descriptor> referrers, RequestQuery query)
    {
        var wanted = referrers
            .Where(r => query.ArtifactType is null || r.ArtifactType == query.ArtifactType)
            .OrderBy(r => r.Digest.ToString(), StringComparer.Ordinal)
            .Where(r => string.CompareOrdinal(r.Digest.ToString(), query.Last) > 0)
            .ToList();
        var page = new JsonArray();
        var size = 0;
        for (var i = 0; i < wanted.Count; i++)
        {
            var entry = ReferrerIndex.Describe(wanted[i]);
            size += entry.ToJsonString().Length;
            if (size > LongestPage && i > 0)
            {
                return (page, wanted[i - 1].Digest.ToString());
            }

            page.Add((JsonNode)entry);
        }

        return (page, null);
    }
}
