using System.Text;
using OciSync.Core.Http;

namespace OciSync.Core.Tests.Http;

public sealed class RegistryErrorBodyTests
{
    [Theory]
    [InlineData("""{"errors":[{"code":"DENIED","message":"no","detail":"quota"}]}""", "DENIED", "DENIED no quota")]
    [InlineData("""{"errors":[{"code":"A"},{"code":"B","message":"m"}]}""", "A,B", "A; B m")]
    [InlineData("404 page not found\n", "", "404 page not found")]
    [InlineData("<html><body>Bad Gateway</body></html>", "", "")]
    [InlineData("""{"errors":"x"}""", "", """{"errors":"x"}""")]
    [InlineData("", "", "")]
    public void Words_of_registries_and_of_others(string body, string codes, string text)
    {
        var (foundCodes, foundText) = RegistryErrorBody.Read(Encoding.UTF8.GetBytes(body));
        Assert.Equal((codes, text), (string.Join(",", foundCodes), foundText));
    }

    [Fact]
    public void Control_characters_and_length_are_tamed()
    {
        var (_, text) = RegistryErrorBody.Read(Encoding.UTF8.GetBytes("a\u001b[31mb" + new string('x', 1000)));
        Assert.DoesNotContain('\u001b', text);
        Assert.True(text.Length < 400);
    }
}
