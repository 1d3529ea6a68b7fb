using OciSync.Core.References;
using OciSync.Core.Tags;
using OciSync.Core.Versions;

namespace OciSync.Core.PowerShell.Tests.Tags;

public sealed class ComparisonTests
{
    private static readonly TagList Alpine = TagList.Create(ImageReference.Parse("alpine"), ReadAlpine());

    [Theory]
    [InlineData("$args | Where-Object Version -ge '3.17'")]
    [InlineData("$args | Where-Object { $_.Version -ge '3.17' }")]
    [InlineData("$args | Where-Object Version -ge 3.17")]
    [InlineData("$args | Where-Object Version -gt 3.17d")]
    [InlineData("$args | Where-Object Version -ge ([version]'3.17')")]
    public void Where_Object_keeps_the_newest_versions_and_no_date(string script)
    {
        var found = Engine.Output(script, [.. Alpine.Tags]);
        Assert.Equal(["3.23.2", "3.23.3", "3.23.4"], found.TakeLast(3).Select(reference => reference.Split(':')[1]));
        Assert.DoesNotContain(found, t => t.Contains(":20", StringComparison.Ordinal) || t.EndsWith(":3.16.9", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("$args | Where-Object Version -ge 3.10")]
    [InlineData("$args | Where-Object Version -ge 3.1")]
    [InlineData("$args[0].Version -ge 3.10")]
    [InlineData("$args[0].Version -lt 3.10")]
    public void A_bare_3_10_is_refused_because_PowerShell_has_lost_the_zero(string script)
    {
        var (output, errors) = Engine.Run(script, [.. Alpine.Tags]);
        Assert.Empty(output);
        Assert.NotEmpty(errors);
        Assert.All(errors, e => Assert.Contains("'3.10'", e, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("$args[0] -eq '3.10'", "True")]
    [InlineData("$args[0] -ne '3.1'", "True")]
    [InlineData("$args[0] -gt 3", "True")]
    [InlineData("$args[0] -lt 4l", "True")]
    [InlineData("$args[0] -eq [version]'3.10'", "True")]
    [InlineData("$args[0] -eq 3.10d", "True")]
    [InlineData("$args[0] -gt '3.9'", "True")]
    [InlineData("$args[0] -lt 'v3.10'", "True")]
    [InlineData("$args[0] -gt 'latest'", "True")]
    [InlineData("$args[0] -gt $null", "True")]
    [InlineData("$args[0] -in '3.9', '3.10'", "True")]
    [InlineData("\"$($args[0])\"", "3.10")]
    [InlineData("$args[0].Major, $args[0].Minor, $args[0].Patch -join '|'", "3|10|")]
    public void Operators_compare_with_text(string script, string expected) =>
        Assert.Equal([expected], Engine.Output(script, TagVersion.Parse("3.10")));

    [Theory]
    [InlineData("$args | Where-Object Scheme -eq Date", 33)]
    [InlineData("$args | Where-Object { $_.Scheme -eq 'Version' }", 177)]
    [InlineData("$args | Where-Object Kind -eq Image", 210)]
    [InlineData("$args | Where-Object Version -like '3.23.*'", 4)]
    public void Properties_are_asked_for_by_their_words(string script, int count) =>
        Assert.Equal(count, Engine.Output(script, [.. Alpine.Tags]).Length);

    private static string[] ReadAlpine()
    {
        using var stream = typeof(ComparisonTests).Assembly.GetManifestResourceStream("alpine.txt")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
