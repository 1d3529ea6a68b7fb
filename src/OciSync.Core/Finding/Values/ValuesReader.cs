using OciSync.Core.Finding.Documents;
using OciSync.Core.Finding.Facts;
using OciSync.Core.Yaml;

namespace OciSync.Core.Finding.Values;

/// <summary>Finds images in the values of a Helm chart, wherever they stand: a values.yaml, or below <c>values</c> of a custom resource.</summary>
internal sealed class ValuesReader(FoundImages found, ChartFacts chart)
{
    private readonly ContainerReader _containers = new(found);

    /// <summary>Reads the values from their top.</summary>
    internal static void Read(SourceNode root, ChartFacts chart, FoundImages found) =>
        new ValuesReader(found, chart.With(root)).ReadNode(root, null);

    private void ReadNode(SourceNode node, string? key)
    {
        if (node.Kind == YamlKind.Mapping)
        {
            ReadMapping(node, key);
        }

        for (var i = 0; i < node.Items.Count; i++)
        {
            found.Path.Push(i);
            ReadNode(node.Items[i], key);
            found.Path.Pop();
        }
    }

    private void ReadMapping(SourceNode node, string? key)
    {
        var element = ImageElement.Find(node, key, chart, FindRules.HelmValues);
        if (element is not null)
        {
            NumberTags.Warn(node, found);
            found.Add(element);
        }

        foreach (var pair in node.Pairs)
        {
            if (found.Path.Depth == 0 && chart.SubCharts.Contains(pair.Key))
            {
                continue;
            }

            found.Path.Push(pair.Key);
            if (pair.Value.IsScalar)
            {
                ReadScalar(node, pair, key, element is not null);
            }
            else if (!_containers.ReadKey(pair.Key, pair.Value, null))
            {
                var isAbsent = found.Path.Depth == 1 && chart.Absent.Contains(pair.Key);
                (isAbsent ? new ValuesReader(found, chart.WithoutVersion()) : this).ReadNode(pair.Value, pair.Key);
            }

            found.Path.Pop();
        }
    }

    private void ReadScalar(SourceNode node, SourcePair pair, string? key, bool isElement)
    {
        if (pair.Value.IsNull || pair.Value.Text.Length == 0 || !ImageKeys.IsImage(pair.Key) || (isElement && pair.Key == "image")
            || ImageKeys.IsSomethingElse(key))
        {
            return;
        }

        // xImage beside xImageTag or xImageVersion.
        var version = node.TextOf(pair.Key + "Version") ?? node.TextOf(pair.Key + "Tag");
        if (version is not null && !ReferenceText.HasVersion(pair.Value.Text))
        {
            var name = new WrittenText(pair.Value.Text + ":" + version, [], pair.Value.Style);
            found.Add(new Candidate(FindRules.HelmValues, name, pair.Value.Source, pair.Value.Start)
            {
                Written = pair.Value.Text,
                IsGuess = true,
                Parts = PartsBeside(pair, node.Find(pair.Key + "Version") ?? node.Find(pair.Key + "Tag")),
            });
            return;
        }

        found.Add(new Candidate(FindRules.HelmValues, pair.Value)
        {
            IsGuess = true,
            TakesLatest = ImageKeys.IsContainers(key),
            Doubt = FindDoubt(node, pair, key),
        });
    }

    // A word, or a name beside a hub and a tag: templates put them together (Istio).
    private string? FindDoubt(SourceNode node, SourcePair pair, string? key) =>
        ReferenceText.IsBareWord(pair.Value.Text) && !ImageKeys.IsContainers(key)
            ? (node.TextOf("hub") ?? chart.Text("global", "hub")) is { } hub
                ? $"a part of a name, which templates put together with '{hub}'" : "a single word, perhaps a part of a name"
            : node.FindWritten("tag") is not null && !ReferenceText.HasVersion(pair.Value.Text) ? "its tag is in a key of its own, which is empty" : null;

    private static List<FoundPart> PartsBeside(SourcePair name, SourceNode? version)
    {
        var parts = new List<FoundPart>();
        foreach (var (kind, node) in new[] { (FoundPartKind.Repository, name.Value), (FoundPartKind.Tag, version) })
        {
            var text = node is null ? null : WrittenText.Of(node);
            if (text?.Whole is { } place)
            {
                parts.Add(new FoundPart(kind, place.Outer, place.Length, text.Value, text.Style));
            }
        }

        return parts.OrderBy(p => p.Start).ToList();
    }
}
