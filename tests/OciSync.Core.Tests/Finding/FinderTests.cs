using System.Text;
using OciSync.Core.Finding;
using OciSync.Core.Finding.Facts;

namespace OciSync.Core.Tests.Finding;

/// <summary>Folders, charts, long files, text and objects.</summary>
public sealed class FinderTests : IDisposable
{
    private const string Pod = "kind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: a, image: a/b:1}]}\n";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ocisync-find");

    public void Dispose() => _folder.Delete(recursive: true);

    private string Write(string path, string text)
    {
        var full = Path.Combine(_folder.FullName, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
        return full;
    }

    private List<OciFoundImage> Find(FindOptions? options = null, string path = "") =>
        [.. new ImageFinder(options ?? new FindOptions()).Find([Path.Combine(_folder.FullName, path)]).SelectMany(o => o.Images)];

    private static IEnumerable<string> Names(IEnumerable<OciFoundImage> images) => images.Select(i => i.Reference);

    [Fact]
    public void A_folder_is_its_files_and_with_recurse_its_folders()
    {
        Write("a.yaml", Pod);
        Write("in/b.yaml", Pod.Replace("a/b:1", "a/c:1", StringComparison.Ordinal));
        Write(".git/c.yaml", Pod.Replace("a/b:1", "a/d:1", StringComparison.Ordinal));
        Write("notes.txt", "image: a/e:1\n");

        Assert.Equal(["docker.io/a/b:1"], Names(Find()));
        Assert.Equal(["docker.io/a/b:1", "docker.io/a/c:1"], Names(Find(new FindOptions { Recurse = true })));
    }

    [Fact]
    public void A_link_is_followed_only_when_that_is_asked_for_and_a_circle_ends()
    {
        var outside = Directory.CreateTempSubdirectory("ocisync-find");
        try
        {
            File.WriteAllText(Path.Combine(outside.FullName, "a.yaml"), Pod);
            Write("in/x.txt", string.Empty);
            Directory.CreateSymbolicLink(Path.Combine(_folder.FullName, "in", "out"), outside.FullName);
            Directory.CreateSymbolicLink(Path.Combine(_folder.FullName, "in", "round"), _folder.FullName);

            Assert.Empty(Find(new FindOptions { Recurse = true }));
            Assert.Contains("docker.io/a/b:1", Names(Find(new FindOptions { Recurse = true, FollowLink = true })));
        }
        finally
        {
            outside.Delete(recursive: true);
        }
    }

    [Fact]
    public void A_chart_is_read_as_a_whole_and_what_it_says_of_a_chart_within_counts()
    {
        Write("Chart.yaml", "apiVersion: v2\nname: outer\nversion: 1.0.0\nappVersion: \"2.0\"\ndependencies:\n- {name: inner, alias: first}\n- {name: inner, alias: second}\n");
        Write("values.yaml", "image: {repository: a/outer}\nglobal: {imageRegistry: reg.example}\nfirst: {image: {tag: \"9\"}}\n");
        Write("templates/d.yaml", "image: \"{{ .Values.image.repository }}\"\n---\nimage: a/written:1\n");
        Write("charts/inner/Chart.yaml", "apiVersion: v2\nname: inner\nversion: 1.0.0\nappVersion: \"3.0\"\n");
        Write("charts/inner/values.yaml", "image: {registry: quay.io, repository: a/inner, tag: \"\"}\n");

        var found = Find();

        Assert.Equal(
            ["docker.io/a/outer:2.0", "docker.io/a/written:1", "reg.example/a/inner:9", "reg.example/a/inner:3.0"], Names(found));
        Assert.All(found, i => Assert.True(i.IsCertain));
    }

    [Theory]
    [InlineData("{{ printf \"v%s\" .Chart.AppVersion }}", "v4.0")]
    [InlineData("image: \"x:{{ .Values.tag | default .Chart.AppVersion }}\"", "4.0")]
    public void A_tag_that_is_the_version_is_written_as_the_templates_write_it(string template, string tag)
    {
        Write("Chart.yaml", "name: c\nappVersion: \"4.0\"\n");
        Write("values.yaml", "image: {repository: a/b}\n");
        Write("templates/_helpers.tpl", template + "\n");

        Assert.Equal(["docker.io/a/b:" + tag], Names(Find()).Where(n => n.Length > 0));
    }

    [Fact]
    public void Packed_charts_in_packed_charts_are_read()
    {
        var inner = FindCase.Pack(("inner/Chart.yaml", "name: inner\n"), ("inner/values.yaml", "image: {repository: a/inner, tag: v1}\n"));
        var outer = Path.Combine(_folder.FullName, "outer.tgz");
        File.WriteAllBytes(outer, FindCase.Pack(("outer/Chart.yaml", "name: outer\n"), ("outer/charts/inner-1.tgz", Latin(inner))));

        // Bytes went through a text, which UTF-8 would have changed: the archive within is damaged, and that is told.
        var outcome = new ImageFinder(new FindOptions()).Find([outer]).Single();
        Assert.Equal("OciArchiveInvalid", Assert.Single(outcome.Failures).ErrorId);
        Assert.Equal(["docker.io/a/inner:v1"], Names(new ImageFinder(new FindOptions()).FindInChart(new MemoryStream(inner), "x").Images));
    }

    private static string Latin(byte[] bytes) => Encoding.Latin1.GetString(bytes);

    [Fact]
    public void A_file_beside_gives_compose_its_variables_and_the_environment_goes_first()
    {
        Write("compose.yaml", "services: {a: {image: \"x/y:${TAG}\"}, b: {image: \"x/z:${OTHER}\"}}\n");
        Write(".env", "# comment\nexport TAG='1.0'\nOTHER=2 # two\n");

        Assert.Equal(["docker.io/x/y:1.0", "docker.io/x/z:2"], Names(Find()));
        Assert.Equal(["docker.io/x/y:3", "docker.io/x/z:2"], Names(Find(new FindOptions { Environment = n => n == "TAG" ? "3" : null })));
    }

    [Fact]
    public void A_long_file_has_the_places_of_a_short_one()
    {
        const string Filler = "# ä 😀 a comment that takes some room\n";
        var text = new StringBuilder();
        for (var i = 0; i < 600; i++)
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"---\n{Pod.Replace("a/b:1", $"a/b:{i}", StringComparison.Ordinal)}{string.Concat(Enumerable.Repeat(Filler, 20))}");
        }

        Write("long.yaml", "\ufeff" + text);
        var found = Find();

        Assert.Equal(Enumerable.Range(0, 600).Select(i => $"docker.io/a/b:{i}"), Names(found));
        Assert.All(found, i => Assert.Equal(i.Text, text.ToString().Substring(i.Parts.Single().Start, i.Parts.Single().Length)));
        Assert.Equal(Enumerable.Range(0, 600).Select(i => (i * 24) + 4), found.Select(i => i.Line));
    }

    [Fact]
    public void A_long_list_of_a_cluster_is_read_item_by_item()
    {
        var items = string.Join(",\n", Enumerable.Range(0, 2000).Select(i =>
            $$$"""{"metadata":{"name":"p{{{i}}}","annotations":{"x":"{{{new string('ü', 100)}}}"}},"spec":{"containers":[{"name":"a","image":"a/b:{{{i}}}"}]}}"""));
        var path = Write("pods.json", "{\"apiVersion\":\"v1\",\"items\":[\n" + items + "],\"kind\":\"PodList\"}");
        var text = File.ReadAllText(path);

        var found = Find();

        Assert.Equal(2000, found.Count);
        Assert.All(found, i => Assert.Equal(("Pod", i.Text), (i.Kind, text.Substring(i.Parts.Single().Start, i.Parts.Single().Length))));
        Assert.Equal(("p7", "items[7].spec.containers[0].image", 9), (found[7].Name, found[7].Location, found[7].Line));
    }

    [Fact]
    public void Values_of_JSON_may_follow_one_another()
    {
        Write("catalog.json", "{\"schema\":\"olm.package\",\"name\":\"x\"}\n{\"schema\":\"olm.bundle\",\"image\":\"quay.io/a/b:1\"}\n{\"schema\":\"olm.bundle\",\"image\":\"quay.io/a/c:1\"}");

        Assert.Equal(["quay.io/a/b:1", "quay.io/a/c:1"], Names(Find()));
    }

    [Fact]
    public void Text_is_searched_as_soon_as_the_next_document_begins()
    {
        var search = new TextSearch(new FindOptions());

        Assert.Null(search.Add("---"));
        Assert.Null(search.Add(Pod.TrimEnd()));
        var first = search.Add("---");
        Assert.Null(search.Add("kind: Pod"));
        Assert.Null(search.Add("spec: {containers: [{image: a/c:1}]}"));

        Assert.Equal(["docker.io/a/b:1"], Names(first!.Images));
        var second = Assert.Single(search.End().Images);
        Assert.Equal(("docker.io/a/c:1", 7), (second.Reference, second.Line));
    }

    [Fact]
    public void Objects_are_read_as_they_are()
    {
        var container = new[] { KeyValuePair.Create("image", (object?)"a/b:1") };
        var pod = new[] { KeyValuePair.Create("kind", (object?)"Pod"), KeyValuePair.Create("spec", (object?)new[] { KeyValuePair.Create("containers", (object?)new object?[] { container }) }) };

        var image = Assert.Single(new ImageFinder(new FindOptions()).FindInObject(pod).Images);

        Assert.Equal(("docker.io/a/b:1", "spec.containers[0].image", 0, 0), (image.Reference, image.Location, image.Line, image.Parts.Count));
    }

    [Fact]
    public void A_rule_that_is_off_finds_nothing()
    {
        Write("a.yaml", Pod);
        Assert.Empty(Find(new FindOptions { ExcludeRule = ["container"] }));
    }

    [Fact]
    public async Task Outcomes_come_in_order_and_a_stop_ends_the_work()
    {
        for (var i = 0; i < 100; i++)
        {
            Write($"{i:D3}.yaml", Pod.Replace("a/b:1", $"a/b:{i}", StringComparison.Ordinal));
        }

        var found = new List<string>();
        await new ImageFinder(new FindOptions()).FindAsync(
            [_folder.FullName],
            outcomes =>
            {
                found.AddRange(Names(outcomes.SelectMany(o => o.Images)));
                return Task.CompletedTask;
            },
            TestContext.Current.CancellationToken);
        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"docker.io/a/b:{i}"), found);

        using var stop = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new ImageFinder(new FindOptions()).FindAsync(
            [_folder.FullName],
            _ =>
            {
                stop.Cancel();
                return Task.CompletedTask;
            },
            stop.Token));
    }
}
