using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using OciSync.Core.References;

namespace OciSync.Core.Manifests;

/// <summary>
/// The list of a manifest's referrers where a registry keeps none: an index under a tag made of the digest (distribution-spec 1.1,
/// "Referrers Tag Schema"). cosign's tags begin in the same way.
/// </summary>
internal static class ReferrerIndex
{
    private const int LongestAlgorithm = 32;
    private const int LongestHex = 64;

    private static readonly JsonSerializerOptions Format = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The tag for a digest: <c>sha256-…</c>.</summary>
    internal static string TagFor(Digest subject) => Cut(subject.Algorithm, LongestAlgorithm) + "-" + Cut(subject.Hex, LongestHex);

    /// <summary>The bytes of the index with these manifests; null when it names them all.</summary>
    internal static byte[]? With(Manifest? index, IEnumerable<Manifest> referrers)
    {
        var known = new HashSet<Digest>(index?.Children.Select(c => c.Digest) ?? []);
        var added = referrers.Where(r => known.Add(r.Digest)).ToList();
        if (added.Count == 0)
        {
            return null;
        }

        var root = index is null
            ? new JsonObject { ["schemaVersion"] = 2, ["mediaType"] = MediaTypes.OciIndex, ["manifests"] = new JsonArray() }
            : JsonNode.Parse(index.Content)!.AsObject();
        if (root["manifests"] is not JsonArray list)
        {
            root["manifests"] = list = [];
        }

        added.ForEach(r => list.Add(Describe(r)));
        return JsonSerializer.SerializeToUtf8Bytes(root, Format);
    }

    /// <summary>What such a list says of a manifest: with its artifact type and annotations.</summary>
    internal static Descriptor DescriptorOf(Manifest referrer) => new(referrer.MediaType, referrer.Digest, referrer.Content.Length)
    {
        ArtifactType = referrer.ArtifactType ?? referrer.Config?.MediaType,
        Annotations = referrer.Annotations,
    };

    /// <summary>A manifest as an entry of such a list.</summary>
    internal static JsonObject Describe(Manifest referrer) => Describe(DescriptorOf(referrer));

    /// <summary>The same of one that is known from a list.</summary>
    internal static JsonObject Describe(Descriptor referrer)
    {
        var entry = new JsonObject
        {
            ["mediaType"] = referrer.MediaType,
            ["digest"] = referrer.Digest.ToString(),
            ["size"] = referrer.Size,
        };
        if (referrer.ArtifactType is { Length: > 0 } type)
        {
            entry["artifactType"] = type;
        }

        if (referrer.Annotations.Count > 0)
        {
            var annotations = new JsonObject();
            foreach (var pair in referrer.Annotations)
            {
                annotations[pair.Key] = pair.Value;
            }

            entry["annotations"] = annotations;
        }

        return entry;
    }

    private static string Cut(string text, int length) => text.Length <= length ? text : text.Substring(0, length);
}
