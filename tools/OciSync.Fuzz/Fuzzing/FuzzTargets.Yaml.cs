using OciSync.Core.Yaml;

namespace OciSync.Fuzzing;

/// <summary>Foreign YAML: what is read without the library is what the library reads.</summary>
internal static partial class FuzzTargets
{
    private const string UsualDocument = """
        ---
        # Source: c/templates/a.yaml
        kind: Pod   # a comment
        metadata: {name: p, labels: {"a/b": 'c'}, items: []}
        items:
        - name: -x
          image: "r.test:5000/a/b:1"
          args: ["sh", -c, 1.10]
          script: |-
            echo start

              exec it
        -   - ~
            - a: b c#d
        nothing:
        """;

    private static IEnumerable<FuzzTarget> Yaml() => [new("YAML of the usual shape", FuzzInput.Near(UsualDocument, Manifests), TryUsual)];

    private static void TryUsual(byte[] input)
    {
        var source = new SourceText(Text(input), "a.yaml");
        var (items, documents) = (new List<SourceNode>(), new List<SourceNode>());
        if (!UsualYaml.TryRead(source, 0, source.Text.Length, (item, _) => items.Add(item), out var root, out var given))
        {
            return;
        }

        var others = new List<SourceNode>();
        SourceYaml.ReadByEvents(source, 0, source.Text.Length, (item, _) => others.Add(item), documents.Add);
        Require(given == items.Count && others.Count == given && !items.Where((item, i) => !IsSame(item, others[i])).Any(), "items are the library's");
        Require(root is null ? documents.Count == 0 : documents.Count == 1 && IsSame(root, documents[0]), "a document is the library's");
    }

    private static bool IsSame(SourceNode one, SourceNode other) =>
        (one.Kind, one.Start, one.Length, one.Text, one.Style, one.Tag, one.IsNull, one.HasOddKey, one.Items.Count, one.Pairs.Count)
            == (other.Kind, other.Start, other.Length, other.Text, other.Style, other.Tag, other.IsNull, other.HasOddKey, other.Items.Count, other.Pairs.Count)
        && one.Items.Zip(other.Items, IsSame).All(s => s)
        && one.Pairs.Zip(other.Pairs, (a, b) => a.Key == b.Key && a.KeyStart == b.KeyStart && IsSame(a.Value, b.Value)).All(s => s);
}
