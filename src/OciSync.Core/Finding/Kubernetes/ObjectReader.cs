using OciSync.Core.Finding.Documents;
using OciSync.Core.Finding.Facts;
using OciSync.Core.Finding.Values;
using OciSync.Core.Yaml;

namespace OciSync.Core.Finding.Kubernetes;

/// <summary>
/// Goes through an object of any kind by its keys: containers wherever there is a pod template, volumes, environments and arguments, and the
/// keys by which custom resources name images.
/// </summary>
internal sealed class ObjectReader
{
    private const string DockerUrl = "docker://";

    private static readonly HashSet<string> Containers = new(StringComparer.Ordinal)
    {
        "steps", "stepTemplate", "container", "script", "containerDisk",
    };

    private readonly FoundImages _found;
    private readonly SourceNode _root;
    private readonly ContainerReader _containers;
    private readonly Dictionary<string, string> _running;
    private readonly Parameters _parameters = new();

    internal ObjectReader(FoundImages found, SourceNode root, string apiVersion)
    {
        _found = found;
        _root = root;
        _containers = new ContainerReader(found);
        _running = RunningDigests.Read(root);
        if (apiVersion.StartsWith("tekton.dev/", StringComparison.Ordinal) || apiVersion.StartsWith("argoproj.io/", StringComparison.Ordinal))
        {
            GatherParameters(root);
        }
    }

    /// <summary>Reads the object. What a cluster says of it is only looked at for digests.</summary>
    internal void Read()
    {
        foreach (var pair in _root.Pairs.Where(p => p.Key is not ("status" or "kind" or "apiVersion")))
        {
            ReadPair(_root, pair, isElement: false);
        }
    }

    private void GatherParameters(SourceNode node)
    {
        foreach (var pair in node.Pairs)
        {
            if (pair.Key is "params" or "parameters" && pair.Value.Kind == YamlKind.Sequence)
            {
                _parameters.Add(pair.Value);
            }
            else
            {
                GatherParameters(pair.Value);
            }
        }

        node.Items.ForEach(GatherParameters);
    }

    private void ReadNode(SourceNode node, string? key)
    {
        if (node.Kind == YamlKind.Mapping)
        {
            ReadMapping(node, key);
        }
        else
        {
            _found.Path.ForEach(node, item => ReadNode(item, key));
        }
    }

    private void ReadMapping(SourceNode node, string? key)
    {
        if (key == "from" && node.TextOf("kind") == "DockerImage")
        {
            _found.Path.Within(node, "name", name => _found.Add(new Candidate(FindRules.ImageStream, name) { IsGuess = true, TakesLatest = true }));
            return;
        }

        if (node.TextOf("resolver") == "bundles")
        {
            _found.Path.Within(node, "params", list => _found.Path.ForEach(list, ReadBundle));
        }

        var element = ImageElement.Find(node, key, ChartFacts.None, FindRules.CustomResource);
        if (element is not null)
        {
            _found.Add(element);
        }

        foreach (var pair in node.Pairs)
        {
            ReadPair(node, pair, element is not null);
        }
    }

    private void ReadBundle(SourceNode parameter)
    {
        if (parameter.TextOf("name") == "bundle")
        {
            _found.Path.Within(parameter, "value", value => _found.Add(new Candidate(FindRules.TektonBundle, value) { IsGuess = true }));
        }
    }

    private void ReadPair(SourceNode node, SourcePair pair, bool isElement)
    {
        _found.Path.Push(pair.Key);
        switch (pair.Value.Kind)
        {
            case YamlKind.Scalar:
                if (!pair.Value.IsNull && pair.Value.Text.Length > 0 && !(isElement && pair.Key == "image"))
                {
                    ReadScalar(node, pair);
                }

                break;
            case YamlKind.Mapping:
                ReadMappingAt(pair);
                break;
            default:
                ReadListAt(pair);
                break;
        }

        _found.Path.Pop();
    }

    private void ReadMappingAt(SourcePair pair)
    {
        if (pair.Key == "annotations")
        {
            ReadAnnotations(pair.Value);
        }
        else if (pair.Key == "image" && _found.Path.FindKey(1) == "volumes")
        {
            _found.Path.Within(pair.Value, "reference", value => _found.Add(new Candidate(FindRules.ImageVolume, value) { TakesLatest = true }));
        }
        else if (pair.Key is not ("labels" or "matchLabels" or "nodeSelector"))
        {
            ReadNode(pair.Value, pair.Key);
        }
    }

    private void ReadListAt(SourcePair pair)
    {
        if (pair.Key == "relatedImages")
        {
            _found.Path.ForEach(pair.Value, item => _found.Path.Within(
                item, "image", image => _found.Add(new Candidate(FindRules.RelatedImage, image) { IsGuess = true })));
        }
        else if (pair.Key == "images" && pair.Value.Items.TrueForAll(i => i.IsScalar))
        {
            _found.Path.ForEach(pair.Value, AddListed);
        }
        else if (pair.Key != "managedFields" && !_containers.ReadKey(pair.Key, pair.Value, _found.Kind))
        {
            ReadNode(pair.Value, pair.Key);
        }
    }

    private void AddListed(SourceNode item)
    {
        if (ReferenceText.HasVersion(item.Text) && ReferenceText.HasHost(item.Text))
        {
            _found.Add(new Candidate(FindRules.CustomResource, item) { IsGuess = true });
        }
    }

    private void ReadAnnotations(SourceNode annotations)
    {
        foreach (var pair in annotations.Pairs.Where(p => p.Value is { IsScalar: true, IsNull: false } && IsImageAnnotation(p.Key)))
        {
            _found.Path.Push(pair.Key);
            if (ReferenceText.HasHost(pair.Value.Text) || ReferenceText.HasVersion(pair.Value.Text))
            {
                _found.Add(new Candidate(FindRules.Annotation, pair.Value) { IsGuess = true });
            }

            _found.Path.Pop();
        }
    }

    private static bool IsImageAnnotation(string key) => key == "containerImage" || ImageKeys.IsImage(key.Substring(key.LastIndexOf('/') + 1));

    private void ReadScalar(SourceNode node, SourcePair pair)
    {
        if (pair.Key == "image" && IsContainer)
        {
            AddContainer(node, pair.Value);
        }
        else if (ImageKeys.IsImageName(pair.Key))
        {
            AddNamed(pair.Value);
        }
        else if (pair.Key is "url" or "registryURL" && pair.Value.Text.StartsWith(DockerUrl, StringComparison.Ordinal))
        {
            _found.Add(new Candidate(FindRules.CustomResource, pair.Value, DockerUrl.Length) { Written = pair.Value.Text, IsGuess = true });
        }
        else if (pair.Key == "bundle" && _found.Path.FindKey(1) is "taskRef" or "pipelineRef")
        {
            _found.Add(new Candidate(FindRules.TektonBundle, pair.Value) { IsGuess = true });
        }
    }

    private bool IsContainer => _found.Path.FindKey(1) is { } around && (ImageKeys.IsContainers(around) || Containers.Contains(around));

    private void AddContainer(SourceNode container, SourceNode image)
    {
        if (image.Style == SourceStyle.Block && image.Text.EndsWith("\n", StringComparison.Ordinal))
        {
            _found.Warn(image.Source, image.Start, "The image ends with a line break, which Kubernetes refuses; write it on one line, or with '|-'.");
        }

        var running = container.TextOf("name") is { } name && _running.TryGetValue(name, out var digest) ? digest : null;
        AddExpanded(new Candidate(FindRules.Container, image) { TakesLatest = true, Running = running });
    }

    private void AddNamed(SourceNode value) => AddExpanded(new Candidate(FindRules.CustomResource, value) { IsGuess = true });

    private void AddExpanded(Candidate candidate)
    {
        if (Parameters.IsUsedIn(candidate.Text.Value))
        {
            var (text, isWhole) = _parameters.Expand(candidate.Text);
            candidate = candidate.AtText(isWhole ? text : candidate.Text) with { Written = candidate.Text.Value, Text = text };
        }

        _found.Add(candidate);
    }
}
