using OciSync.Core.Finding.Documents;
using OciSync.Core.Finding.Facts;
using OciSync.Core.Finding.Values;
using OciSync.Core.Yaml;

namespace OciSync.Core.Finding.Kubernetes;

/// <summary>The schemas of custom resources: of all they say of images only the defaults of properties are pulled.</summary>
internal sealed class CrdReader(FoundImages found)
{
    internal void Read(SourceNode node)
    {
        foreach (var pair in node.Pairs)
        {
            found.Path.Push(pair.Key);
            if (pair.Value.Kind == YamlKind.Mapping && ImageKeys.IsImageName(pair.Key) && pair.Value.Find("default") is { IsScalar: true } value)
            {
                found.Path.Push("default");
                Add(value);
                found.Path.Pop();
            }

            Read(pair.Value);
            found.Path.Pop();
        }

        for (var i = 0; i < node.Items.Count; i++)
        {
            found.Path.Push(i);
            Read(node.Items[i]);
            found.Path.Pop();
        }
    }

    private void Add(SourceNode value)
    {
        if (ReferenceText.HasVersion(value.Text))
        {
            found.Add(new Candidate(FindRules.CrdDefault, value) { IsGuess = true });
        }
    }
}
