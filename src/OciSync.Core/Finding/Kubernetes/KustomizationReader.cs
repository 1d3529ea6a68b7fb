using OciSync.Core.Finding.Documents;
using OciSync.Core.Finding.Facts;
using OciSync.Core.Finding.Values;
using OciSync.Core.Yaml;

namespace OciSync.Core.Finding.Kubernetes;

/// <summary>A kustomization: the images it puts in place of others, values it gives to charts, and patches of an image.</summary>
internal sealed class KustomizationReader(FoundImages found, Action<SourceNode> readObject)
{
    internal void Read(SourceNode root)
    {
        found.Kind = "Kustomization";
        found.Path.Within(root, "images", list => found.Path.ForEach(list, ReadImage));
        found.Path.Within(root, "helmCharts", list => found.Path.ForEach(
            list, chart => found.Path.Within(chart, "valuesInline", values => ValuesReader.Read(values, ChartFacts.None, found))));
        foreach (var key in new[] { "patches", "patchesJson6902", "patchesStrategicMerge" })
        {
            found.Path.Within(root, key, list => found.Path.ForEach(list, ReadPatch));
        }
    }

    private void ReadImage(SourceNode item)
    {
        if (item.Find("name") is not { IsScalar: true } old)
        {
            return;
        }

        var name = item.Find("newName") is { IsScalar: true } newName ? newName : old;
        var (tag, digest) = (item.Find("newTag"), item.Find("digest"));
        if (tag is { IsScalar: true } && NumberTags.IsNumber(tag))
        {
            found.Warn(tag.Source, tag.Start, $"kustomize takes no number as newTag. Write \"{tag.Text}\".");
        }

        var text = tag is { IsScalar: true } ? name.Text + ":" + tag.Text + item.TextOf("tagSuffix") : name.Text;
        text += digest is { IsScalar: true } ? "@" + digest.Text : string.Empty;
        found.Add(new Candidate(FindRules.Kustomize, new WrittenText(text, [], SourceStyle.Plain), name.Source, name.Start)
        {
            Written = name.Text,
            Doubt = ReferenceText.HasVersion(text) ? null : "only the name is replaced; the tag stands in the resources",
            Parts = FindParts(item, name, old),
        });
    }

    private static List<FoundPart> FindParts(SourceNode item, SourceNode name, SourceNode old)
    {
        var parts = new List<FoundPart>();
        Add(name == old ? FoundPartKind.MatchedName : FoundPartKind.Repository, name);
        Add(FoundPartKind.Tag, item.Find("newTag"));
        Add(FoundPartKind.Digest, item.Find("digest"));
        if (name == old && NewKey(item) is { } place)
        {
            parts.Add(place);
        }

        return parts.OrderBy(p => p.Start).ToList();

        void Add(FoundPartKind kind, SourceNode? node)
        {
            if (node is { IsScalar: true } && WrittenText.Of(node) is { Whole: { } place } text)
            {
                parts.Add(new FoundPart(kind, place.Outer, place.Length, text.Value, node.Style));
            }
        }
    }

    // Behind the last line of a block mapping a key can be added, as far in as the first one; a flow mapping has no such line.
    private static FoundPart? NewKey(SourceNode item)
    {
        var text = item.Source.Text;
        if (item.Pairs.Count == 0 || item.Source.FirstLine == 0 || text[item.Start] == '{')
        {
            return null;
        }

        var last = item.Pairs[item.Pairs.Count - 1].Value;
        var end = text.IndexOf('\n', Math.Min(text.Length, last.Start + last.Length));
        end = end < 0 ? text.Length : end > 0 && text[end - 1] == '\r' ? end - 1 : end;
        var line = text.LastIndexOf('\n', Math.Max(0, item.Pairs[0].KeyStart - 1)) + 1;
        return item.Source.InFile(end, 0) is { } place
            ? new FoundPart(FoundPartKind.NewKey, place, 0, new string(' ', item.Pairs[0].KeyStart - line), SourceStyle.Plain) : null;
    }

    private void ReadPatch(SourceNode item)
    {
        var patch = item.IsScalar ? item : item.Find("patch");
        if (patch is not { IsScalar: true } || !patch.Text.Contains("mage"))
        {
            return;
        }

        found.Path.PushDocument();
        EmbeddedDocument.TryRead(patch, document =>
        {
            if (document.Kind == YamlKind.Sequence)
            {
                found.Path.ForEach(document, ReadOperation);
            }
            else
            {
                readObject(document);
            }
        });
        found.Path.Pop();
        (found.Kind, found.Name) = ("Kustomization", null);
    }

    // RFC 6902: an operation whose path leads to an image.
    private void ReadOperation(SourceNode operation)
    {
        if (operation.TextOf("path")?.EndsWith("/image", StringComparison.Ordinal) == true && operation.Find("value") is { IsScalar: true } value)
        {
            found.Path.Push("value");
            found.Add(new Candidate(FindRules.KustomizePatch, value) { IsGuess = true, TakesLatest = true });
            found.Path.Pop();
        }
    }
}
