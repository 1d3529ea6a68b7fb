using OciSync.Core.References;

namespace OciSync.Core.Tests.References;

public sealed class DigestTests
{
    [Fact]
    public void The_digest_of_nothing_is_the_known_one()
    {
        Assert.Equal("sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", Digest.Of([]).ToString());
        Assert.StartsWith("sha512:cf83e1357eefb8bd", Digest.Of([], "sha512").ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("sha256")]
    [InlineData("sha256:")]
    [InlineData("SHA256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("sha256:E3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("sha256:g3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("sha384:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    public void What_can_not_be_verified_is_no_digest(string text)
    {
        Assert.False(Digest.TryParse(text, out _, out var fault));
        Assert.NotNull(fault);
        Assert.Throws<FormatException>(() => Digest.Parse(text));
    }
}
