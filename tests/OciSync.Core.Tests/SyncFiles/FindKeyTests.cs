using OciSync.Core.SyncFiles;

namespace OciSync.Core.Tests.SyncFiles;

/// <summary>The key <c>find</c>: the images that files beside a sync file name.</summary>
public sealed class FindKeyTests : IDisposable
{
    private const string Pod = "kind: Pod\nspec: {containers: [{name: a, image: a/b:1}, {name: b, image: \"a/b:2\"}]}\n";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ocisync-find");

    public void Dispose() => _folder.Delete(recursive: true);

    private void Write(string path, string text)
    {
        var full = Path.Combine(_folder.FullName, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
    }

    private SyncFile Load(string text)
    {
        Write("sync.yaml", text);
        return SyncFile.Load(Path.Combine(_folder.FullName, "sync.yaml"), _ => null);
    }

    [Theory]
    [InlineData("find: [deploy/**]", "a/b a/c")]
    [InlineData("find: [deploy]", "a/b")]
    [InlineData("find: deploy/*.yaml", "a/b")]
    [InlineData("find: ['**/c.yaml']", "a/c")]
    [InlineData("find: {paths: [deploy/**], excludeRules: [RelatedImage]}", "a/b")]
    public void Patterns_stand_for_files_and_folders(string key, string repositories)
    {
        Write("deploy/a.yaml", Pod);
        Write("deploy/in/c.yaml", "kind: Pod\nspec: {containers: [{env: [{name: RELATED_IMAGE_X, value: \"a/c:1@sha256:" + new string('1', 64) + "\"}]}]}\n");

        var file = Load("ocisync: 1\n" + key + "\n").Require();

        Assert.Equal(repositories.Split(' ').Select(r => "docker.io/" + r), file.Entries.Select(e => e.Reference));
        Assert.All(file.Entries, e => Assert.Equal((2, null), (e.Line, e.Choice)));
    }

    [Fact]
    public void What_is_found_is_an_entry_of_tags_with_the_defaults()
    {
        Write("deploy/a.yaml", Pod);
        var file = Load("ocisync: 1\ndefaults: {latest: 3, platforms: [linux/amd64]}\nfind: [deploy]\nimages: {docker.io/library/alpine: {}}\n").Require();

        Assert.Equal(["docker.io/library/alpine", "docker.io/a/b"], file.Entries.Select(e => e.Reference));
        Assert.Equal("1, 2", file.Entries[1].Tag.ToString());
        Assert.Equal("linux/amd64", file.Entries[1].Platform.ToString());
    }

    [Theory]
    [InlineData("find: [nothing/*.yaml]", "(2,8)", "nothing that 'nothing/*.yaml' stands for")]
    [InlineData("find: {excludeRules: [Container]}", "(2,7)", "needs 'paths'")]
    [InlineData("find: {paths: [sync.yaml], excludeRules: [Contaner]}", "(2,42)", "was 'Container' meant?")]
    [InlineData("find: {paths: [sync.yaml], exclude: [Container]}", "(2,28)", "no key 'exclude'")]
    public void What_is_wrong_is_told_with_its_place(string key, string place, string words)
    {
        var mistakes = Load("ocisync: 1\n" + key + "\n").Mistakes.Select(m => m.ToString()).ToList();
        Assert.Contains(mistakes, m => m.Contains(place, StringComparison.Ordinal) && m.Contains(words, StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_not_certain_is_left_out_and_told()
    {
        Write("a.yaml", "kind: Pod\nspec: {containers: [{image: auto}, {image: a/b:1}]}\n---\nkind: Pod\na: [\n");
        var file = Load("ocisync: 1\nfind: a.yaml\n").Require();

        Assert.Single(file.Entries);
        Assert.Contains(file.Warnings, w => w.Contains("1 image can't be told", StringComparison.Ordinal));
        Assert.Contains(file.Warnings, w => w.Contains("a.yaml(", StringComparison.Ordinal) && w.Contains("no YAML", StringComparison.Ordinal));
    }

    [Fact]
    public void A_text_alone_reads_no_files()
    {
        Assert.Empty(SyncFile.Parse("sync.yaml", "ocisync: 1\nfind: ['/**']\n", _ => null).Require().Entries);
    }
}
