using OciSync.Core.Errors;
using OciSync.Core.Sights;

namespace OciSync.Core.Tests.Sights;

/// <summary>Spans of time as users write them.</summary>
public sealed class AgeTextTests
{
    [Theory]
    [InlineData("3d", "3.00:00:00", "3d")]
    [InlineData("12h", "12:00:00", "12h")]
    [InlineData("1d12h", "1.12:00:00", "1d12h")]
    [InlineData("2w", "14.00:00:00", "14d")]
    [InlineData("90m", "01:30:00", "1h30m")]
    [InlineData("1w2d3h4m5s", "9.03:04:05", "9d3h4m5s")]
    [InlineData("3.00:00:00", "3.00:00:00", "3d")]
    [InlineData("06:30:00", "06:30:00", "6h30m")]
    [InlineData(" 0 ", "00:00:00", "0")]
    public void They_are_read_and_written(string text, string span, string shortest)
    {
        var age = AgeText.Parse(text);
        Assert.Equal(TimeSpan.Parse(span, System.Globalization.CultureInfo.InvariantCulture), age);
        Assert.Equal(shortest, AgeText.Of(age));
    }

    [Theory]
    [InlineData("")]
    [InlineData("3")]
    [InlineData("d")]
    [InlineData("-3d")]
    [InlineData("12h1d")]
    [InlineData("3 days")]
    [InlineData("-3.00:00:00")]
    [InlineData("99999d")]
    [InlineData("3.5d")]
    public void What_is_none_is_refused(string text) =>
        Assert.Equal(OciErrorKind.ChoiceInvalid, Assert.Throws<OciException>(() => AgeText.Parse(text)).Kind);
}
