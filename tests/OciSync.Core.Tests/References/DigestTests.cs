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

    [Fact]
    public void No_digest_bears_the_name_of_an_algorithm_it_was_not_made_with() =>
        Assert.Throws<ArgumentException>(() => Digest.Of([], "sha384"));

    [Fact]
    public void What_is_wrong_is_said_where()
    {
        var failure = Assert.Throws<FormatException>(() => Digest.Parse("sha256:" + new string('0', 63) + "G"));
        Assert.Contains("'G' at position 71", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Equal_digests_are_equal_values()
    {
        var text = "sha256:" + new string('a', 64);
        Assert.Equal(Digest.Parse(text), Digest.Parse(text));
        var digest = Digest.Parse(text);
        Assert.Equal((text, "sha256", new string('a', 64)), (digest.ToString(), digest.Algorithm, digest.Hex));
    }

    [Theory]
    [InlineData("")]
    [InlineData(":")]
    [InlineData(" sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n")]
    [InlineData("sha512:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
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
