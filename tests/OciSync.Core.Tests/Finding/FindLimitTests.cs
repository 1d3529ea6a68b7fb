using OciSync.Core.Finding;

namespace OciSync.Core.Tests.Finding;

/// <summary>Files that are too much, or lead out, end with an error that says so, and the rest goes on.</summary>
public sealed class FindLimitTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ocisync-find");

    public void Dispose() => _folder.Delete(recursive: true);

    private string Failure(string name, string text)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text);
        return Failure(path);
    }

    private static string Failure(string path)
    {
        var failure = Assert.Single(new ImageFinder(new FindOptions()).Find([path]).SelectMany(o => o.Failures));
        return failure.ErrorId + " " + failure.Message;
    }

    [Fact]
    public void Aliases_that_stand_for_too_much()
    {
        var text = "kind: Pod\na: &a [x, x, x, x, x, x, x, x, x, x]\n"
            + string.Concat(Enumerable.Range('b', 8).Select(c => $"{(char)c}: &{(char)c} [{string.Join(", ", Enumerable.Repeat("*" + (char)(c - 1), 10))}]\n"));
        Assert.Matches(@"^OciDocumentInvalid .*bomb\.yaml\(\d+,\d+\).*aliases", Failure("bomb.yaml", text));
    }

    [Theory]
    [InlineData("deep.yaml", "kind: Pod\na: ")]
    [InlineData("deep.json", "{\"kind\":\"Pod\",\"a\":")]
    public void Values_nested_too_deep(string name, string start)
    {
        var text = start + string.Concat(Enumerable.Repeat("[", 102)) + string.Concat(Enumerable.Repeat("]", 102)) + (start[0] == '{' ? "}" : string.Empty);
        Assert.Contains("OciDocumentInvalid", Failure(name, text), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_too_large()
    {
        var path = Path.Combine(_folder.FullName, "large.yaml");
        using (var file = File.Create(path))
        {
            file.SetLength(100L * 1024 * 1024);
        }

        Assert.Contains("has 100 MiB, and at most 64 are read", Failure(path), StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_that_are_no_text()
    {
        var path = Path.Combine(_folder.FullName, "a.yaml");
        File.WriteAllBytes(path, [(byte)'a', 0xff, 0x00]);
        Assert.Contains("no text in UTF-8", Failure(path), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../out.yaml")]
    [InlineData("/etc/out.yaml")]
    public void An_archive_that_leads_out(string name)
    {
        var path = Path.Combine(_folder.FullName, "c.tgz");
        File.WriteAllBytes(path, FindCase.Pack(("c/Chart.yaml", "name: c\n"), (name, "x")));
        Assert.Matches("^OciArchiveInvalid .* leads out of it", Failure(path));
    }

    [Fact]
    public void An_archive_that_is_none()
    {
        Assert.Contains("OciArchiveInvalid", Failure("c.tgz", "no archive"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_other_files_are_searched_all_the_same()
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "a.yaml"), "kind: Pod\na: " + new string('[', 200));
        File.WriteAllText(Path.Combine(_folder.FullName, "b.yaml"), "kind: Pod\nspec: {containers: [{image: a/b:1}]}\n");
        var outcomes = new ImageFinder(new FindOptions()).Find([_folder.FullName]);

        Assert.Equal(["docker.io/a/b:1"], outcomes.SelectMany(o => o.Images).Select(i => i.Reference));
        Assert.Single(outcomes.SelectMany(o => o.Failures));
    }
}
