using OciSync.Core.SyncFiles;
using OciSync.Core.Yaml;

namespace OciSync.Core.Tests.Syncing.Documents;

/// <summary>Merge keys (yaml.org/type/merge), and that nothing is wrong at no place.</summary>
public sealed class YamlMergeTests
{
    [Fact]
    public void Merged_keys_are_the_mapping_s_own_unless_it_has_them()
    {
        var root = YamlReader.Read("x.yaml", """
            first: &first {a: 1, b: 1}
            second: &second
              <<: *first
              c: 2
            third:
              b: 3
              <<: [*second, {c: 9, d: 4}]
            text: {"<<": quoted}
            """)!;
        Assert.Equal("a=1 b=1 c=2", Keys(root, "second"));
        Assert.Equal("a=1 b=3 c=2 d=4", Keys(root, "third"));
        Assert.Equal("<<=quoted", Keys(root, "text"));
    }

    [Fact]
    public void A_file_of_skopeo_may_use_them()
    {
        var file = SyncFile.Parse("sync.yaml", """
            a.test: &common
              tls-verify: false
              images: &images
                app: ['1']
            b.test:
              <<: *common
              images:
                <<: *images
                other: ['2']
            """, _ => null).Require();
        Assert.Equal(["a.test/app", "b.test/app", "b.test/other"], file.Entries.Select(e => e.Reference).Order(StringComparer.Ordinal));
        Assert.Equal(["a.test False", "b.test False"], file.Registries.Select(r => $"{r.Registry} {r.TlsVerify}"));
    }

    [Theory]
    [InlineData("a:\n  <<: text\n", 2, 7, "'<<' merges keys and values")]
    [InlineData("a:\n  <<: [{b: 1}, 2]\n", 2, 7, "'<<' merges keys and values")]
    [InlineData("a:\n  <<: {b: 1}\n  <<: {c: 1}\n", 3, 3, "a second time")]
    public void What_can_not_be_merged_is_a_mistake_with_its_place(string text, int line, int column, string said)
    {
        var mistake = Assert.Throws<SyncFileException>(() => YamlReader.Read("x.yaml", text)).Mistake;
        Assert.Equal((line, column), (mistake.Line, mistake.Column));
        Assert.Contains(said, mistake.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a: 1\nx: [\n1,\n2]\n", 2, 4)]
    [InlineData("a: 1\nx: {\nb: 1,\nc: 2}\n", 2, 4)]
    public void What_the_library_gives_up_on_without_a_place_has_one(string text, int from, int to)
    {
        var mistake = Assert.Throws<SyncFileException>(() => YamlReader.Read("x.yaml", text)).Mistake;
        Assert.InRange(mistake.Line, from, to);
        Assert.DoesNotContain("current state of the object", mistake.Message, StringComparison.Ordinal);
    }

    private static string Keys(YamlNode root, string key) =>
        string.Join(' ', root.Pairs.Find(p => p.Key.Text == key).Value.Pairs.Select(p => $"{p.Key.Text}={p.Value.Text}").Order(StringComparer.Ordinal));
}
