using System.Text;
using System.Text.Json.Nodes;
using OciSync.Core.Conversion;
using OciSync.Core.Errors;
using OciSync.Core.Manifests;
using OciSync.Core.References;
using OciSync.Core.Tests.Engine;
using OciSync.Testing.Images;

namespace OciSync.Core.Tests.Conversion;

public sealed class ManifestConverterTests
{
    private static readonly Dictionary<Digest, Descriptor> Same = [];

    [Fact]
    public void A_docker_image_becomes_one_of_OCI_with_the_same_config_and_layers()
    {
        var before = Convert.Read(ImageFactory.Create(new ImageSpec { Docker = true }).Root);

        var (after, lost) = ManifestConverter.Convert(before, ImageFormat.Oci, Same, "x");

        Assert.Empty(lost);
        Assert.Equal(Core.Manifests.MediaTypes.OciManifest, after.MediaType);
        Assert.Equal(
            (Core.Manifests.MediaTypes.OciConfig, before.Config!.Digest, before.Config.Size),
            (after.Config!.MediaType, after.Config.Digest, after.Config.Size));
        Assert.Equal(before.Layers.Select(l => (l.Digest, l.Size)), after.Layers.Select(l => (l.Digest, l.Size)));
        Assert.All(after.Layers, l => Assert.Equal("application/vnd.oci.image.layer.v1.tar+gzip", l.MediaType));
    }

    [Theory]
    [InlineData("application/vnd.oci.image.layer.v1.tar", "application/vnd.docker.image.rootfs.diff.tar")]
    [InlineData("application/vnd.oci.image.layer.v1.tar+gzip", "application/vnd.docker.image.rootfs.diff.tar.gzip")]
    [InlineData("application/vnd.oci.image.layer.nondistributable.v1.tar+gzip", "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip")]
    [InlineData("application/vnd.oci.image.layer.nondistributable.v1.tar", "application/vnd.docker.image.rootfs.foreign.diff.tar")]
    public void Every_layer_type_has_its_other_name_and_urls_stay(string oci, string docker)
    {
        var before = Convert.Read(ImageFactory.WithForeignLayers(
            new LayerDescriptor(oci, Digest.Of([1]).ToString(), 1, Digest.Of([1]).ToString()) { Urls = ["https://a.test/l"] }).Root);

        var there = ManifestConverter.Convert(before, ImageFormat.Docker, Same, "x").Manifest;
        var back = ManifestConverter.Convert(there, ImageFormat.Oci, Same, "x").Manifest;

        Assert.Equal((docker, true), (there.Layers[0].MediaType, there.Layers[0].HasUrls));
        Assert.Equal((oci, true), (back.Layers[0].MediaType, back.Layers[0].HasUrls));
        Assert.Contains("https://a.test/l", Encoding.UTF8.GetString(back.Content));
    }

    [Theory]
    [InlineData("single")]
    [InlineData("docker")]
    public void Converting_to_and_fro_ends_with_the_same_bytes(string kind)
    {
        var manifests = WholeImageTests.Make(kind).Manifests.Where(m => !m.MediaType.Contains("index") && !m.MediaType.Contains("list"));
        foreach (var image in manifests.Select(Convert.Read))
        {
            var docker = ManifestConverter.Convert(image, ImageFormat.Docker, Same, "x").Manifest;
            var oci = ManifestConverter.Convert(docker, ImageFormat.Oci, Same, "x").Manifest;
            var again = ManifestConverter.Convert(ManifestConverter.Convert(oci, ImageFormat.Docker, Same, "x").Manifest, ImageFormat.Oci, Same, "x").Manifest;

            Assert.Equal(oci.Content, again.Content);
            Assert.Same(oci, ManifestConverter.Convert(oci, ImageFormat.Oci, Same, "x").Manifest);
            Assert.Equal(oci.Digest, ManifestConverter.Convert(image, ImageFormat.Oci, Same, "x").Manifest.Digest);
        }
    }

    [Fact]
    public void What_docker_has_no_place_for_is_told()
    {
        var json = JsonNode.Parse(ImageFactory.Create().Root.Bytes)!.AsObject();
        json["annotations"] = new JsonObject { ["a"] = "b" };
        json["layers"]![0]!["annotations"] = new JsonObject { ["c"] = "d" };

        var (after, lost) = ManifestConverter.Convert(
            Convert.Read(Encoding.UTF8.GetBytes(json.ToJsonString()), Core.Manifests.MediaTypes.OciManifest), ImageFormat.Docker, Same, "x");

        Assert.Equal(["annotations of layers", "annotations of manifests"], lost);
        Assert.DoesNotContain("annotations", Encoding.UTF8.GetString(after.Content));
    }

    [Theory]
    [InlineData("")]
    [InlineData(""","manifests":null""")]
    [InlineData(""","manifests":[]""")]
    public void An_index_that_lists_nothing_is_one_in_the_other_format(string list)
    {
        var index = Convert.Read(
            Encoding.UTF8.GetBytes($$"""{"schemaVersion":2,"mediaType":"{{Core.Manifests.MediaTypes.DockerList}}"{{list}}}"""),
            Core.Manifests.MediaTypes.DockerList);

        var made = ManifestConverter.ConvertIndex(
            index, ImageFormat.Oci, new Dictionary<Core.References.Digest, Core.Manifests.Manifest>(),
            [], new Dictionary<Core.References.Digest, Core.References.Platform>(), "x").Manifest;

        Assert.Equal((Core.Manifests.MediaTypes.OciIndex, 0), (made.MediaType, made.Children.Count));
    }

    [Theory]
    [InlineData("artifact", "config")]
    [InlineData("chart", "config")]
    [InlineData("zstd", "zstd")]
    public void What_docker_can_not_hold_is_refused_by_name(string kind, string said)
    {
        var image = WholeImageTests.Make(kind).Root;

        var failure = Assert.Throws<OciException>(() => ManifestConverter.Convert(Convert.Read(image), ImageFormat.Docker, Same, "reg/a"));

        Assert.Equal(OciErrorKind.NotConvertible, failure.Kind);
        Assert.Contains(said, failure.Message);
        Assert.Contains("'reg/a'", failure.Message);
    }

    [Fact]
    public void A_replaced_layer_changes_its_descriptor_and_what_spoke_of_its_packed_bytes()
    {
        var image = ImageFactory.Create(new ImageSpec { Layers = 1 });
        var json = JsonNode.Parse(image.Root.Bytes)!.AsObject();
        json["layers"]![0]!["annotations"] = new JsonObject { ["io.github.containers.zstd-chunked.manifest-checksum"] = "x", ["mine"] = "y" };
        var before = Convert.Read(Encoding.UTF8.GetBytes(json.ToJsonString()), Core.Manifests.MediaTypes.OciManifest);
        var made = new Descriptor("application/vnd.oci.image.layer.v1.tar+zstd", Digest.Of([7]), 7);

        var after = ManifestConverter.Convert(before, null, new Dictionary<Digest, Descriptor> { [before.Layers[0].Digest] = made }, "x").Manifest;

        Assert.Equal((made.MediaType, made.Digest, 7L), (after.Layers[0].MediaType, after.Layers[0].Digest, after.Layers[0].Size));
        Assert.Equal(["mine"], after.Layers[0].Annotations.Keys);
        Assert.Equal(before.Config, after.Config! with { Annotations = before.Config!.Annotations });
    }
}
