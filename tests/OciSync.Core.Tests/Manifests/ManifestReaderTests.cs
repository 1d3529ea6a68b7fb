using System.Text;
using OciSync.Core.Errors;
using OciSync.Core.Manifests;
using OciSync.Core.References;

namespace OciSync.Core.Tests.Manifests;

public sealed class ManifestReaderTests
{
    private const string D = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    private const string Config = $$$"""{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"{{{D}}}","size":2}""";

    [Fact]
    public void An_image_manifest()
    {
        var manifest = Read($$$"""
            {"schemaVersion":2,"mediaType":"{{{MediaTypes.OciManifest}}}","config":{{{Config}}},
             "layers":[{"mediaType":"x","digest":"{{{D}}}","size":0},{"mediaType":"{{{"application/vnd.docker.image.rootfs.foreign.diff.tar.gzip"}}}","digest":"{{{D.Replace('e', 'f')}}}","size":9,"urls":["https://x"]}],
             "annotations":{"a":"b"}}
            """);
        Assert.False(manifest.IsIndex);
        Assert.Equal(2, manifest.Layers.Count);
        Assert.Single(manifest.Blobs);
        Assert.Equal("b", manifest.Annotations["a"]);
    }

    [Fact]
    public void An_index_without_a_media_type_is_known_by_its_content()
    {
        var manifest = Read(
            $$$"""{"schemaVersion":2,"manifests":[{"mediaType":"{{{MediaTypes.OciManifest}}}","digest":"{{{D}}}","size":7,"platform":{"os":"linux","architecture":"arm64","variant":"v8"}}]}""",
            null);
        Assert.Equal(MediaTypes.OciIndex, manifest.MediaType);
        Assert.Equal("linux/arm64", manifest.Children[0].Platform!.ToString());
    }

    [Theory]
    [InlineData("""[1]""", "not a JSON object")]
    [InlineData("""{"schemaVersion":2""", "can't be used")]
    [InlineData("""{"schemaVersion":2,"schemaVersion":2}""", "twice")]
    [InlineData("""{"schemaVersion":1,"fsLayers":[]}""", "no config")]
    [InlineData($$$"""{"mediaType":"application/vnd.oci.image.index.v1+json","config":{{{Config}}}}""", "the server calls it")]
    [InlineData($$$"""{"manifests":[],"config":{{{Config}}}}""", "both 'manifests'")]
    [InlineData("""{"layers":[]}""", "no config")]
    [InlineData("""{"config":{"digest":"sha256:zz","size":1}}""", "not a digest")]
    [InlineData($$$"""{"config":{"digest":"{{{D}}}","size":-1}}""", "size -1")]
    [InlineData($$$"""{"config":{"digest":"{{{D}}}","size":1.5}}""", "can't be used")]
    [InlineData($$$"""{"config":{"digest":"{{{D}}}"}}""", "not a descriptor with a size")]
    [InlineData($$$"""{"config":{{{Config}}},"layers":[{"mediaType":"x","digest":"{{{D}}}","digest":"{{{D}}}","size":1}]}""", "twice")]
    [InlineData($$$"""{"config":{{{Config}}},"layers":{}}""", "not a list")]
    public void What_can_be_read_in_two_ways_is_refused(string text, string fault)
    {
        var failure = Assert.Throws<OciException>(() => Read(text));
        Assert.Equal(OciErrorKind.ManifestInvalid, failure.Kind);
        Assert.Contains(fault, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Deep_nesting_is_refused() => Assert.Throws<OciException>(() => Read(new string('[', 10_000)));

    private static Manifest Read(string text, string? contentType = MediaTypes.OciManifest)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return ManifestReader.Read(bytes, contentType, Digest.Of(bytes), "r.test/x:1");
    }
}
