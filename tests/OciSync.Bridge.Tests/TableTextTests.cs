using OciSync.PowerShell.Output;

namespace OciSync.Bridge.Tests;

public sealed class TableTextTests
{
    [Theory]
    [InlineData("short", 10, "short")]
    [InlineData(null, 10, "")]
    [InlineData("one two three", 8, "one two|three")]
    [InlineData("registry.k8s.io/team/pause:3.10", 21, "registry.k8s.io/team/|pause:3.10")]
    [InlineData("123456789012.dkr.ecr.eu-central-1.amazonaws.com", 30, "123456789012.dkr.ecr.eu-|central-1.amazonaws.com")]
    [InlineData("abcdefghij", 4, "abcd|efgh|ij")]
    [InlineData("see docker.io/library/alpine now", 14, "see|docker.io/|library/alpine|now")]
    [InlineData("first\nsecond line", 6, "first|second|line")]
    public void A_text_is_broken_at_spaces_then_after_parts_of_names_and_only_then_anywhere(string? text, int width, string lines) =>
        Assert.Equal(lines.Split('|'), TableText.Fit(text, width).Split(Environment.NewLine));

    [Fact]
    public void What_stands_below_has_a_mark_and_is_indented()
    {
        Assert.Equal("a", TableText.Below("a", 9, "> ", null));
        Assert.Equal(["a", "> one two", "  three"], TableText.Below("a", 9, "> ", "one two three").Split(Environment.NewLine));
    }
}
