using System.Globalization;
using OciSync.Core.Finding.Facts;

namespace OciSync.Core.Tests.Finding;

/// <summary>docs/find-images.md says what the list of cases holds, and names every rule.</summary>
public sealed class FindPageTests
{
    private static string Page()
    {
        using var stream = typeof(FindPageTests).Assembly.GetManifestResourceStream("find-images-page")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    [Fact]
    public void The_table_counts_what_the_cases_hold()
    {
        var page = Page();
        foreach (var format in FindCase.ReadAll().GroupBy(c => c.Format))
        {
            var certain = format.Sum(c => c.Certain.Count);
            var uncertain = format.Sum(c => c.Uncertain.Count);
            var row = string.Create(CultureInfo.InvariantCulture, $"| {format.Key} | {format.Count()} | {certain} | {certain} | 0 | {uncertain} |");
            Assert.Contains(row, page, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Every_rule_is_named() =>
        Assert.DoesNotContain(FindRules.All, r => !Page().Contains('`' + r + '`', StringComparison.Ordinal));
}
