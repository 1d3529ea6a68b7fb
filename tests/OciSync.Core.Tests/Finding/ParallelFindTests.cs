using System.Globalization;
using System.Text;
using OciSync.Core.Finding;
using OciSync.Core.Finding.Documents;
using OciSync.Testing;

namespace OciSync.Core.Tests.Finding;

/// <summary>
/// Files that are read in stretches, several at a time, give what one reader gives from beginning to end: the same images, places and warnings,
/// in order.
/// </summary>
public sealed class ParallelFindTests : IDisposable
{
    private static readonly string[] Documents =
    [
        "apiVersion: v1\nkind: Pod\nmetadata: {name: p%}\nspec:\n  containers:\n  - name: c\n    image: r.test/team/app-%:1.%\n",
        "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: d%\nspec:\n  template:\n    spec:\n      initContainers:\n      - image: \"a\\x2fi%:2\"\n"
            + "      containers:\n      - image: >-\n          b/x%:3\n        env:\n        - {name: RELATED_IMAGE_X, value: 'q.test/rel/%:4'}\n",
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m%}\ndata:\n  pod.yaml: |\n    apiVersion: v1\n    kind: Pod\n    spec:\n      containers:\n"
            + "      - image: c/in%:5\n",
        "apiVersion: v1\nkind: Pod\nspec: {containers: [{image: d/broken%:6}, }\n",
        "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - image: {{ .Values.image% }}\n  - image: e/literal%:7\n",
        "apiVersion: v1\nkind: Service\nmetadata: {name: s%}\nspec: {ports: [{port: 80}]}\n",
        "# nothing but a comment: %\n",
        "apiVersion: v1\nkind: Pod\nmetadata: {name: 'Grüße 😀 %'}\nspec:\r\n  containers:\r\n  - image: f/crlf%:8 # é\r\n",
        "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - image: g/bad name%\n  - image: g/UPPER%:1\n",
    ];

    private readonly TempFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task A_long_file_gives_what_one_reader_gives(int seed)
    {
        var random = new Random(seed);
        var text = new StringBuilder();
        while (text.Length < 1_200_000)
        {
            text.Append(random.Next(8) == 0 ? "--- # next\n" : "---\n").Append(Document(random));
        }

        await File.WriteAllTextAsync(_folder["all.yaml"], text.ToString(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: seed % 2 == 0), Token);
        var whole = new DocumentReader(new FindOptions(), FileFormat.Document);
        whole.Read(FileText.Read(_folder["all.yaml"]), Token);
        var wanted = Describe([whole.Take(_folder["all.yaml"])]);
        var found = await FindAsync(_folder["all.yaml"]);
        Assert.True(wanted.Count > 2000, $"{wanted.Count} lines");
        Assert.True(found.Count > 5, $"{found.Count} stretches");
        Assert.Equal(wanted, Describe(found));
    }

    [Theory]
    [InlineData(5)]
    [InlineData(6)]
    public async Task Many_files_give_what_one_after_the_other_gives(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 300; i++)
        {
            var documents = Enumerable.Range(0, random.Next(1, 6)).Select(_ => Document(random));
            await File.WriteAllTextAsync(_folder[$"{i:000}.yaml"], string.Join("---\n", documents), Token);
        }

        var wanted = new ImageFinder(new FindOptions()).Find([_folder.Path]);
        Assert.Equal(Describe(wanted), Describe(await FindAsync(_folder.Path)));
    }

    private static string Document(Random random) =>
        Documents[random.Next(Documents.Length)].Replace("%", random.Next(100_000).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);

    private static async Task<IReadOnlyList<FindOutcome>> FindAsync(string path)
    {
        var all = new List<FindOutcome>();
        await new ImageFinder(new FindOptions()).FindAsync(
            [path],
            outcomes =>
            {
                all.AddRange(outcomes);
                return Task.CompletedTask;
            },
            Token);
        return all;
    }

    // Every word of every image, warning and failure; notes are once a stretch.
    private static List<string> Describe(IEnumerable<FindOutcome> outcomes)
    {
        var (images, warnings, failures) = (new List<string>(), new List<string>(), new List<string>());
        foreach (var outcome in outcomes)
        {
            images.AddRange(outcome.Images.Select(i => string.Join(" | ", (IEnumerable<object?>)
                [i.Reference, i.Text, i.File, i.Line, i.Column, i.Location, i.Kind, i.Name, i.Rule, i.IsCertain, i.Guess, i.Reason, .. i.Parts])));
            warnings.AddRange(outcome.Warnings.Select(w => w.ToString()));
            failures.AddRange(outcome.Failures.Select(f => f.Message));
        }

        return [.. images, .. warnings, .. failures];
    }
}
