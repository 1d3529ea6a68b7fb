using OciSync.Core.Finding.Documents;
using OciSync.Core.Finding.Facts;
using OciSync.Core.Yaml;

namespace OciSync.Core.Finding.Kubernetes;

/// <summary>Finds images in objects of Kubernetes: those it knows, custom ones, lists of them, catalogues of operators.</summary>
internal sealed class KubernetesReader(FoundImages found)
{
    private const string ListEnd = "List";

    /// <summary>Whether a document is one to be read here.</summary>
    internal static bool IsObject(SourceNode root) =>
        root.TextOf("kind") is not null
            ? root.Find("apiVersion") is not null || root.Find("metadata") is not null || root.Find("spec") is not null || root.Find("items") is not null
                || root.Find("status") is not null
            : root.TextOf("schema")?.StartsWith("olm.", StringComparison.Ordinal) == true;

    /// <summary>Reads one object.</summary>
    /// <param name="node">The object.</param>
    internal void Read(SourceNode node) => Read(node, null);

    /// <summary>Reads a value of a list's <c>items</c>.</summary>
    /// <param name="item">The object, perhaps without its kind.</param>
    /// <param name="listKind">The kind of the list, or null.</param>
    internal void ReadItem(SourceNode item, string? listKind) =>
        Read(item, listKind is not null && listKind.Length > ListEnd.Length && listKind.EndsWith(ListEnd, StringComparison.Ordinal)
            ? listKind.Substring(0, listKind.Length - ListEnd.Length) : null);

    private void Read(SourceNode node, string? kindOfList)
    {
        var kind = node.TextOf("kind") ?? kindOfList;
        if (kind?.EndsWith(ListEnd, StringComparison.Ordinal) == true && node.Find("items") is { Kind: YamlKind.Sequence })
        {
            found.Path.Within(node, "items", items => found.Path.ForEach(items, item => ReadItem(item, kind)));
            return;
        }

        found.Kind = kind ?? node.TextOf("schema");
        found.Name = node.Find("metadata")?.TextOf("name") ?? (kind is null ? node.TextOf("name") : null);
        var before = found.Images.Count;
        ReadKind(node, kind, node.TextOf("apiVersion") ?? string.Empty);
        if (found.Images.Count == before && KindRules.IsNamedByOperator(kind, node.TextOf("apiVersion")))
        {
            found.Path.Within(node, "spec", spec => found.Path.Within(
                spec, "version", version => found.AddUnknown(FindRules.CustomResource, version, "the operator chooses the image by this version")));
        }
    }

    private void ReadKind(SourceNode node, string? kind, string apiVersion)
    {
        switch (kind)
        {
            case null:
                ReadCatalogue(node);
                break;
            case "CustomResourceDefinition":
                found.Path.Within(node, "spec", new CrdReader(found).Read);
                break;
            case "ConfigMap":
                new ConfigMapReader(found, Read).Read(node);
                break;
            case "ImagesLock":
                found.Path.Within(node, "images", list => found.Path.ForEach(list, item => AddImageOf(item, FindRules.ImagesLock)));
                break;
            case "Kustomization" or "Component" when apiVersion.StartsWith("kustomize.config.k8s.io/", StringComparison.Ordinal):
                new KustomizationReader(found, Read).Read(node);
                break;
            default:
                if (!KindRules.HasNoImages(kind, apiVersion) && new CustomKinds(found).Read(node, kind, apiVersion))
                {
                    new ObjectReader(found, node, apiVersion).Read();
                }

                break;
        }
    }

    // File-based catalogues of OLM: a bundle and the images it needs.
    private void ReadCatalogue(SourceNode node)
    {
        if (node.TextOf("schema") == "olm.bundle")
        {
            AddImageOf(node, FindRules.OlmBundle);
            found.Path.Within(node, "relatedImages", list => found.Path.ForEach(list, item => AddImageOf(item, FindRules.RelatedImage)));
        }
        else if (node.TextOf("schema") is null)
        {
            new ObjectReader(found, node, string.Empty).Read();
        }
    }

    private void AddImageOf(SourceNode item, string rule) => found.Path.Within(item, "image", image =>
    {
        if (image.IsScalar)
        {
            found.Add(new Candidate(rule, image));
        }
    });
}
