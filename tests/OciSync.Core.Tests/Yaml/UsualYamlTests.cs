using OciSync.Core.Finding.Documents;
using OciSync.Core.Tests.Finding;
using OciSync.Core.Yaml;

namespace OciSync.Core.Tests.Yaml;

/// <summary>What is read without the library is what the library reads: the same nodes at the same places.</summary>
public sealed class UsualYamlTests
{
    private const string Manifest = """
        ---
        # Source: chart/templates/deployment.yaml
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: app   # a comment
          annotations: {}
          labels: {app.kubernetes.io/name: app, "tier": 'front'}
        spec:
          template:
            spec:
              containers:
              - name: c

                image: "r.test:5000/a/b:1"
                command: ["sh", -c]
                args:
                - --listen=0.0.0.0:8080
                - |
                  echo start

                  exec app
                env:
                  - name: 'A'
                    value: ""
                  -   name: B
                      value:
                volumeMounts: [{name: data, mountPath: /var/lib/data}]
        """;

    [Fact]
    public void A_manifest_as_people_write_it_needs_no_library()
    {
        foreach (var text in new[] { Manifest, Manifest + "\n", Manifest.Replace("\n", "\r\n", StringComparison.Ordinal), "---\n# nothing\n" })
        {
            Assert.True(NodeLines.IsUsual(text));
            Assert.Equal(NodeLines.OfLibrary(text), NodeLines.Of(text));
        }

        var image = Manifest.IndexOf("r.test", StringComparison.Ordinal);
        Assert.Contains($": Scalar {image}+17 DoubleQuoted", NodeLines.Of(Manifest), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a: &x 1\nb: *x\n")]
    [InlineData("a: !reset []\n")]
    [InlineData("a: one\n  two\n")]
    [InlineData("a: \"x\\n\"\n")]
    [InlineData("a: 'it''s'\n")]
    [InlineData("a: >-\n  x\n")]
    [InlineData("a: {b: c,\n  d: e}\n")]
    [InlineData("a:\tb\n")]
    [InlineData("a: b: c\n")]
    [InlineData("? a\n: b\n")]
    [InlineData("<<: {a: b}\n")]
    [InlineData("a: b\n---\nc: d\n")]
    [InlineData("a: b\n...\n")]
    [InlineData("a: {{ .Values.b }}\n")]
    [InlineData("  a: b\n c: d\n")]
    [InlineData("a: 😀\n")]
    [InlineData("a:\n  with *blank: c\n")]
    [InlineData("- [ -]\n")]
    [InlineData("a\n")]
    public void What_is_not_usual_is_left_to_the_library(string text)
    {
        Assert.False(NodeLines.IsUsual(text));
        Assert.Equal(NodeLines.OfLibrary(text), NodeLines.Of(text));
    }

    [Fact]
    public void Generated_documents_are_read_as_the_library_reads_them()
    {
        var usual = 0;
        for (var seed = 0; seed < 100; seed++)
        {
            var texts = new YamlTexts(seed);
            for (var i = 0; i < 60; i++)
            {
                var text = texts.Next();
                if (NodeLines.IsUsual(text))
                {
                    usual++;
                    Assert.Equal(NodeLines.OfLibrary(text), NodeLines.Of(text));
                }
            }
        }

        Assert.True(usual > 1500, $"{usual} of 6000");
    }

    [Fact]
    public void Items_of_long_lists_are_handed_on_as_the_library_does_it()
    {
        var texts = new YamlTexts(7);
        var (usual, items) = (0, 0);
        var before = "#" + new string('c', SourceLimits.Streamed) + "\n";
        for (var i = 0; i < 150; i++)
        {
            var text = before + texts.NextList();
            var wanted = NodeLines.OfLibrary(text);
            usual += NodeLines.IsUsual(text) ? 1 : 0;
            items += wanted.StartsWith("0: ", StringComparison.Ordinal) ? 1 : 0;
            Assert.Equal(wanted, NodeLines.Of(text));
        }

        Assert.True(usual > 20 && items > usual + 20, $"{usual} without the library, {items} with items");
    }

    [Fact]
    public void Documents_of_all_cases_are_read_as_the_library_reads_them()
    {
        var usual = 0;
        foreach (var text in FindCase.ReadAll().Select(c => c.Text))
        {
            foreach (var (start, length) in DocumentSplitter.Split(text))
            {
                var document = text.Substring(start, length);
                usual += NodeLines.IsUsual(document) ? 1 : 0;
                Assert.Equal(NodeLines.OfLibrary(document), NodeLines.Of(document));
            }
        }

        Assert.True(usual > 80, $"{usual} documents");
    }

    [Fact]
    public void Nesting_and_numbers_of_values_end_where_they_always_did()
    {
        var deep = string.Concat(Enumerable.Range(0, 120).Select(i => new string(' ', i) + "a:\n"));
        Assert.Equal(NodeLines.OfLibrary(deep), NodeLines.Of(deep));
        Assert.Contains("nested more than 100 deep", NodeLines.Of(deep), StringComparison.Ordinal);
        var sixty = string.Concat(Enumerable.Range(0, 60).Select(i => new string(' ', i) + "a:\n"));
        Assert.Equal(NodeLines.OfLibrary(sixty), NodeLines.Of(sixty));
        var many = "a: [" + string.Join(", ", Enumerable.Repeat("b", SourceLimits.Nodes + 1)) + "]\n";
        Assert.Matches("^fault at 2999995: .*more than 1000000 values", NodeLines.Of(many));
    }
}
