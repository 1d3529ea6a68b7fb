using System.Text;
using OciSync.Core.Signing.Formats;

namespace OciSync.Core.Tests.Signing.Formats;

/// <summary>How signatures lie in files.</summary>
public sealed class SignatureFileTests
{
    [Fact]
    public void OpenPgp_lies_as_it_is_or_under_its_name()
    {
        var read = SignatureFile.Read([0xA3, 1], "here");
        Assert.Equal((SignatureKind.OpenPgp, "here", 2), (read.Kind, read.Place, read.Content.Length));
        read = SignatureFile.Read([.. "\0simple-signing\n"u8, 0xA3, 1, 2], "here");
        Assert.Equal((SignatureKind.OpenPgp, 3), (read.Kind, read.Content.Length));
    }

    [Fact]
    public void Sigstore_has_payload_type_and_annotations()
    {
        var read = Read("""{"mimeType":"a/b","payload":"e30=","annotations":{"x":"1","y":"2"},"more":[1]}""");
        Assert.Equal((SignatureKind.Sigstore, "a/b", "{}"), (read.Kind, read.MediaType, Encoding.UTF8.GetString(read.Content)));
        Assert.Equal("1,2", string.Join(",", read.Annotations.Values));
        read = Read("""{"payload":null}""");
        Assert.Equal((0, string.Empty, 0), (read.Content.Length, read.MediaType, read.Annotations.Count));
    }

    [Theory]
    [InlineData("", "it is empty")]
    [InlineData("-----BEGIN", "begins with the byte 0x2d")]
    [InlineData("{}", "begins with the byte 0x7b")]
    [InlineData("\0sigstore-json", "has no end")]
    [InlineData("\0other\n{}", "'other' is not known")]
    [InlineData("\0sigstore-json\n", "is none")]
    [InlineData("\0sigstore-json\n[]", "is none")]
    [InlineData("\0sigstore-json\n{\"payload\":1}", "is none")]
    [InlineData("\0sigstore-json\n{\"payload\":\"?\"}", "is none")]
    [InlineData("\0sigstore-json\n{\"annotations\":{\"a\":1}}", "is none")]
    [InlineData("\0sigstore-json\n{\"annotations\":{\"a\":\"1\",\"a\":\"2\"}}", "is none")]
    [InlineData("\0sigstore-json\n{\"payload\":\"e30=\",\"payload\":\"W10=\"}", "is none")]
    [InlineData("\0sigstore-json\n{} {}", "is none")]
    public void Anything_else_is_none(string content, string fault) =>
        Assert.Contains(
            fault,
            Assert.Throws<FormatException>(() => SignatureFile.Read(Encoding.UTF8.GetBytes(content), "here")).Message,
            StringComparison.Ordinal);

    private static FoundSignature Read(string json) => SignatureFile.Read(Encoding.UTF8.GetBytes("\0sigstore-json\n" + json), "here");
}
