using System.Text.Json;
using System.Text.Json.Nodes;
using OciSync.Core.Manifests;
using OciSync.Core.References;

namespace OciSync.Core.Layouts;

/// <content>Referrers in a layout: entries of the index, without a name, that say of which manifest they speak.</content>
internal sealed partial class LayoutIndex
{
    /// <summary>The bytes of the index with these manifests as referrers; null when they are there already.</summary>
    internal byte[]? WithReferrers(Digest subject, IReadOnlyList<Manifest> referrers)
    {
        var root = JsonNode.Parse(_content)!.AsObject();
        if (root["manifests"] is not JsonArray list)
        {
            root["manifests"] = list = [];
        }

        var changed = false;
        foreach (var referrer in referrers.GroupBy(r => r.Digest).Select(g => g.First()))
        {
            var entries = Entries.Where(e => e.Manifest.Digest == referrer.Digest).ToList();
            if (entries.Count == 0)
            {
                var entry = ReferrerIndex.Describe(referrer);
                Mark(entry, subject);
                list.Add(entry);
            }

            foreach (var entry in entries.Where(e => !e.IsReferrer))
            {
                Mark(list[entry.Index]!.AsObject(), subject);
            }

            changed |= entries.Count == 0 || entries.Exists(e => !e.IsReferrer);
        }

        return changed ? JsonSerializer.SerializeToUtf8Bytes(root, Format) : null;
    }

    private static void Mark(JsonObject entry, Digest subject)
    {
        if (entry["annotations"] is not JsonObject annotations)
        {
            entry["annotations"] = annotations = [];
        }

        annotations[LayoutEntry.SubjectKey] = subject.ToString();
    }
}
