using OciSync.Core.Finding.Documents;
using OciSync.Core.Finding.Facts;
using OciSync.Core.Finding.Values;
using OciSync.Core.Yaml;

namespace OciSync.Core.Finding.Kubernetes;

/// <summary>ConfigMaps: keys that are images by their name (Knative, CDI), and manifests that are values.</summary>
/// <param name="found">Takes what is found.</param>
/// <param name="readObject">Reads an object of Kubernetes within.</param>
internal sealed class ConfigMapReader(FoundImages found, Action<SourceNode> readObject)
{
    internal void Read(SourceNode configMap)
    {
        if (configMap.Find("data") is not { } data)
        {
            return;
        }

        found.Path.Push("data");
        foreach (var pair in data.Pairs.Where(p => p.Value is { IsScalar: true, Text.Length: > 0 }))
        {
            found.Path.Push(pair.Key);
            if (ImageKeys.IsImageName(pair.Key) || pair.Key.EndsWith("_IMAGE", StringComparison.Ordinal))
            {
                found.Add(new Candidate(FindRules.ConfigMapKey, pair.Value) { IsGuess = true });
            }
            else if (IsDocument(pair.Value.Text))
            {
                ReadDocument(pair.Value);
            }

            found.Path.Pop();
        }

        found.Path.Pop();
    }

    private static bool IsDocument(string text) =>
        text.IndexOf("mage", StringComparison.Ordinal) >= 0 && (text.IndexOf("kind:", StringComparison.Ordinal) >= 0 || text.IndexOf("\"kind\"", StringComparison.Ordinal) >= 0)
        && text.IndexOf("{{", StringComparison.Ordinal) < 0;

    private void ReadDocument(SourceNode value)
    {
        var (kind, name) = (found.Kind, found.Name);
        found.Path.PushDocument();
        EmbeddedDocument.TryRead(value, root =>
        {
            if (root.TextOf("kind") is not null)
            {
                readObject(root);
            }
        });
        found.Path.Pop();
        (found.Kind, found.Name) = (kind, name);
    }
}
