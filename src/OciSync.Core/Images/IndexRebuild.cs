using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using OciSync.Core.Manifests;
using OciSync.Core.References;

namespace OciSync.Core.Images;

/// <summary>
/// Writes an index anew with the entries that are kept, each as it was. An index in it stays when all of it is kept; of a part, the entries
/// stand in its place.
/// </summary>
internal sealed class IndexRebuild
{
    private static readonly JsonSerializerOptions Format = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly HashSet<string> _kept;
    private readonly HashSet<Digest> _written = [];
    private readonly bool _excludeAttestation;

    /// <param name="kept">The images that are kept; attestations that speak of them are kept as well.</param>
    /// <param name="excludeAttestation">Attestations are not.</param>
    internal IndexRebuild(IEnumerable<Digest> kept, bool excludeAttestation)
    {
        _kept = new HashSet<string>(kept.Select(k => k.ToString()));
        _excludeAttestation = excludeAttestation;
    }

    /// <returns>The bytes, or null when nothing is left out.</returns>
    internal byte[]? Run(IndexContent content)
    {
        var (entries, isWhole) = EntriesOf(content);
        if (isWhole)
        {
            return null;
        }

        var root = JsonNode.Parse(content.Index.Content)!.AsObject();
        root["manifests"] = new JsonArray([.. entries]);
        return JsonSerializer.SerializeToUtf8Bytes(root, Format);
    }

    /// <summary>The digest of the image that an attestation speaks of.</summary>
    internal static string? SubjectOf(Descriptor attestation) =>
        attestation.Annotations.TryGetValue("vnd.docker.reference.digest", out var of) ? of : null;

    private (List<JsonNode> Entries, bool IsWhole) EntriesOf(IndexContent content)
    {
        var nested = new Dictionary<Digest, List<JsonNode>>();
        foreach (var child in content.Index.Children)
        {
            if (content.Find(child) is { } inner && _written.Add(child.Digest))
            {
                var (entries, isWhole) = EntriesOf(inner);
                nested[child.Digest] = entries;
                _ = isWhole && _kept.Add(child.Digest.ToString());
            }
        }

        var list = JsonNode.Parse(content.Index.Content)!.AsObject()["manifests"]?.AsArray().ToList() ?? [];
        var kept = new List<JsonNode>();
        var count = 0;
        foreach (var (node, child) in list.Zip(content.Index.Children, (node, child) => (node!, child)))
        {
            if (IsKept(child))
            {
                kept.Add(node.DeepClone());
                count++;
            }
            else if (nested.TryGetValue(child.Digest, out var part))
            {
                kept.AddRange(part);
                nested.Remove(child.Digest);
            }
        }

        return (kept, count == content.Index.Children.Count);
    }

    private bool IsKept(Descriptor child) => child.IsAttestation
        ? !_excludeAttestation && SubjectOf(child) is { } subject && _kept.Contains(subject)
        : _kept.Contains(child.Digest.ToString());
}
