using System.Text;
using OciSync.Core.Errors;
using OciSync.Core.Manifests;
using OciSync.Core.References;

namespace OciSync.Core.Tests.Hostile;

/// <summary>Manifests that are made to hurt: each is refused by name, quickly, and without taking memory that it isn't worth.</summary>
public sealed class HostileManifestTests
{
    private const string D = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    private const string Config = $$$"""{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"{{{D}}}","size":2}""";

    [Fact]
    public void A_child_a_million_times_is_more_than_an_index_may_name() =>
        Refuse($$"""{"manifests":[{{string.Join(',', Enumerable.Repeat(Child(D, "7"), 30_000))}}]}""", "more than 20000 entries");

    [Theory]
    [InlineData("-1")]
    [InlineData("-9223372036854775808")]
    [InlineData("4398046511105")]
    [InlineData("9223372036854775807")]
    [InlineData("9223372036854775808")]
    [InlineData("1e3")]
    [InlineData("1e999999")]
    [InlineData("0.5")]
    [InlineData("\"7\"")]
    [InlineData("null")]
    public void A_size_that_is_none(string size) => Refuse($$$"""{"config":{"digest":"{{{D}}}","size":{{{size}}}}}""", "can't be used");

    [Theory]
    [InlineData("md5:d41d8cd98f00b204e9800998ecf8427e")]
    [InlineData("sha1:da39a3ee5e6b4b0d3255bfef95601890afd80709")]
    [InlineData("SHA256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("sha256:E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855")]
    [InlineData("sha256:e3b0c4")]
    [InlineData("sha512:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("sha256:../../../../../../../../../../../../../../../../../../../../etc/passwd")]
    [InlineData("")]
    public void A_digest_that_is_none(string digest) => Refuse($$"""{"config":{"digest":"{{digest}}","size":2} }""", "digest");

    [Theory]
    [InlineData($$$"""{"schemaVersion":2,"config":{{{Config}}},"layers":[],"manifests":[]}""", "both 'manifests'")]
    [InlineData($$$"""{"schemaVersion":2,"manifests":[],"layers":[]}""", "both 'manifests'")]
    [InlineData($$$"""{"schemaVersion":1,"fsLayers":[],"config":{{{Config}}},"layers":[]}""", "schema 1")]
    [InlineData($$$"""{"schemaVersion":1,"fsLayers":[],"history":[],"config":{{{Config}}},"layers":[]}""", "schema 1")]
    public void A_document_that_is_two_things(string text, string fault) => Refuse(text, fault);

    [Theory]
    [InlineData(MediaTypes.OciIndex, $$$"""{"mediaType":"{{{MediaTypes.OciManifest}}}","config":{{{Config}}},"layers":[]}""", "the server calls it")]
    [InlineData(MediaTypes.OciManifest, $$$"""{"mediaType":"{{{MediaTypes.OciIndex}}}","manifests":[]}""", "the server calls it")]
    [InlineData(MediaTypes.OciManifest, """{"manifests":[]}""", "which its content is not")]
    [InlineData(MediaTypes.OciIndex, $$$"""{"config":{{{Config}}},"layers":[]}""", "which its content is not")]
    public void A_header_that_says_another_thing_than_the_body(string header, string text, string fault) => Refuse(text, fault, header);

    [Theory]
    [InlineData($$$"""{"config":{{{Config}}},"config":{{{Config}}},"layers":[]}""")]
    [InlineData($$$"""{"config":{{{Config}}},"\u0063onfig":{{{Config}}},"layers":[]}""")]
    [InlineData($$$"""{"config":{{{Config}}},"layers":[],"annotations":{"a":"1","a":"2"}}""")]
    public void A_key_that_stands_twice(string text) => Refuse(text, "twice");

    [Theory]
    [InlineData("[", "]")]
    [InlineData("{\"a\":", "}")]
    public void A_depth_bomb(string open, string close) =>
        Refuse(
            $$$"""{"config":{{{Config}}},"x":{{{string.Concat(Enumerable.Repeat(open, 100_000))}}}1{{{string.Concat(Enumerable.Repeat(close, 100_000))}}}}""",
            "depth");

    [Fact]
    public void A_number_of_a_million_digits_is_only_text() =>
        Assert.Empty(Read($$$"""{"config":{{{Config}}},"layers":[],"x":{{{new string('9', 1_000_000)}}}}""").Layers);

    [Theory]
    [InlineData(0xFF)]
    [InlineData(0xC0)]
    public void Text_that_is_not_utf8(byte wrong)
    {
        var bytes = Encoding.UTF8.GetBytes($$"""{"config":{{Config}},"layers":[],"annotations":{"a":"X"} }""");
        bytes[Array.IndexOf(bytes, (byte)'X')] = wrong;
        Assert.Equal(OciErrorKind.ManifestInvalid, Assert.Throws<OciException>(() => ManifestReader.Read(bytes, null, Digest.Of(bytes), "r.test/x:1")).Kind);
    }

    [Fact]
    public void Half_a_surrogate_in_an_escape() => Refuse($$"""{"config":{{Config}},"layers":[],"x":"\ud800"}""", "can't be used");

    [Fact]
    public void Annotations_of_megabytes_are_kept_as_they_are()
    {
        var manifest = Read($$"""{"config":{{Config}},"layers":[],"annotations":{"a":"{{new string('x', 3_900_000)}}"} }""");
        Assert.Equal(3_900_000, manifest.Annotations["a"].Length);
    }

    [Fact]
    public void What_a_document_calls_itself_is_shown_without_its_escapes()
    {
        var failure = Refuse("""{"mediaType":"x\u001b[2J\u202e\u0007"}""", "is not one of a manifest");
        Assert.DoesNotContain(failure.Message, c => char.IsControl(c) || c == '\u202e');
    }

    private static string Child(string digest, string size) => $$$"""{"mediaType":"{{{MediaTypes.OciManifest}}}","digest":"{{{digest}}}","size":{{{size}}}}""";

    private static OciException Refuse(string text, string fault, string? header = null)
    {
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var failure = Assert.Throws<OciException>(() => Read(text, header));
        Assert.Equal(OciErrorKind.ManifestInvalid, failure.Kind);
        Assert.Contains(fault, failure.Message, StringComparison.Ordinal);
        Assert.True(failure.Message.Length < 5_000, "a message is short");
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - allocated < 64_000_000, "it took too much memory");
        return failure;
    }

    private static Manifest Read(string text, string? header = null)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return ManifestReader.Read(bytes, header, Digest.Of(bytes), "r.test/x:1");
    }
}
