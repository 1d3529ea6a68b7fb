using OciSync.Core.Finding;
using OciSync.Core.Finding.Documents;
using OciSync.Core.Finding.Facts;
using OciSync.Core.Yaml;

namespace OciSync.Core.Tests.Finding;

/// <summary>What is found in files of every kind, by the list of tests/data/find-images.txt.</summary>
public sealed class FindCaseTests
{
    [Fact]
    public void What_is_certain_is_found_and_nothing_else()
    {
        Each((test, found) => Differences(
            test, "=", test.Certain, found.SelectMany(o => o.Images).Where(i => i.IsCertain).Select(i => i.Reference).Distinct()));
    }

    [Fact]
    public void What_cannot_be_known_is_told_with_its_reason()
    {
        Each((test, found) => Differences(
            test, "?", test.Uncertain, found.SelectMany(o => o.Images).Where(i => !i.IsCertain).Select(i => $"{i.Text} : {i.Guess} : {i.Reason}")));
    }

    [Fact]
    public void What_is_wrong_in_a_file_is_told_with_its_place()
    {
        Each((test, found) =>
        {
            var told = found.SelectMany(o => o.Warnings).Select(w => w.ToString().Replace('\\', '/')).ToList();
            return test.Warnings.Count == told.Count && test.Warnings.TrueForAll(w => told.Exists(t => t.Contains(w, StringComparison.Ordinal)))
                ? [] : [$"{test.Name}: {string.Join(" | ", told)}"];
        });
    }

    [Fact]
    public void A_piece_is_where_it_is_said_to_be()
    {
        var pieces = 0;
        Each((test, found) => found.SelectMany(o => o.Images).SelectMany(image => image.Parts.Select(part =>
        {
            pieces++;
            var text = FileText.Read(image.File!).Text;
            var written = text.Substring(part.Start, part.Length);
            var isRight = part.Kind == FoundPartKind.NewKey ? part.Length == 0 && text[..part.Start].EndsWith(LastLine(text, part.Start), StringComparison.Ordinal)
                : written == part.Value || (part.Value.Length == 0 && written is "~" or "null") || part.Style is SourceStyle.DoubleQuoted or SourceStyle.Json;
            return isRight ? null : $"{test.Name}: {part} is '{written}'";
        })).OfType<string>());
        Assert.True(pieces > 150, $"{pieces} pieces");
    }

    [Fact]
    public void A_line_and_column_lead_to_the_text()
    {
        var places = 0;
        Each((test, found) => found.SelectMany(o => o.Images).Where(i => !i.Text.Contains('$', StringComparison.Ordinal) && !i.Text.Contains("://", StringComparison.Ordinal)).Select(image =>
        {
            var name = image.Parts.FirstOrDefault(p => p.Kind is FoundPartKind.Reference or FoundPartKind.Repository);
            if (name is null)
            {
                return null;
            }

            places++;
            var before = FileText.Read(image.File!).Text[..name.Start].Split('\n');
            var place = (before.Length, before[^1].Length + 1);
            return place == (image.Line, image.Column) ? null : $"{test.Name}: ({image.Line},{image.Column}) for {place}";
        }).OfType<string>());
        Assert.True(places > 130, $"{places} places");
    }

    private static string LastLine(string text, int end) => text[(text.LastIndexOf('\n', end - 1) + 1)..end];

    private static IEnumerable<string> Differences(FindCase test, string mark, IEnumerable<string> wanted, IEnumerable<string> found)
    {
        var (due, there) = (wanted.Order(StringComparer.Ordinal).ToList(), found.Order(StringComparer.Ordinal).ToList());
        return due.SequenceEqual(there) ? [] : [$"{test.Name}: wanted {mark} {string.Join(" | ", due)}, found {string.Join(" | ", there)}"];
    }

    private static void Each(Func<FindCase, IReadOnlyList<FindOutcome>, IEnumerable<string>> judge)
    {
        var cases = FindCase.ReadAll();
        var faults = new List<string>();
        foreach (var test in cases)
        {
            var folder = Directory.CreateTempSubdirectory("ocisync-find");
            try
            {
                faults.AddRange(judge(test, new ImageFinder(new FindOptions()).Find([test.WriteTo(folder.FullName)])));
            }
            finally
            {
                folder.Delete(recursive: true);
            }
        }

        Assert.Equal(196, cases.Count);
        Assert.True(faults.Count == 0, string.Join("\n", faults));
    }
}
