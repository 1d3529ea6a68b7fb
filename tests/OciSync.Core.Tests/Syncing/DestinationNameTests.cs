using OciSync.Core.Errors;
using OciSync.Core.References;
using OciSync.Core.Requests;

namespace OciSync.Core.Tests.Syncing;

public sealed class DestinationNameTests
{
    private const string Hex = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    [Theory]
    [InlineData("quay.io:443/a/b/c:1", DestinationNaming.Leaf, "r.test/m/c:1")]
    [InlineData("quay.io:443/a/b/c:1", DestinationNaming.Path, "r.test/m/a/b/c:1")]
    [InlineData("quay.io:443/a/b/c:1", DestinationNaming.Full, "r.test/m/quay.io-443/a/b/c:1")]
    [InlineData("quay.io:443/a/b/c:1", DestinationNaming.Flat, "r.test/m/a-b-c:1")]
    [InlineData("alpine", DestinationNaming.Leaf, "r.test/m/alpine:latest")]
    [InlineData("alpine@sha256:" + Hex, DestinationNaming.Leaf, "r.test/m/alpine")]
    [InlineData("alpine:1@sha256:" + Hex, DestinationNaming.Leaf, "r.test/m/alpine:1")]
    public void Below_a_place(string source, DestinationNaming naming, string expected) =>
        Assert.Equal(expected, GivenDestination.Read("docker://r.test/m/").Below(ImageReference.Parse(source), naming, null).ToString());

    [Fact]
    public void A_suffix_goes_to_the_tag() =>
        Assert.Equal("r.test/alpine:3-x", GivenDestination.Read("r.test").Below(ImageReference.Parse("alpine:3"), DestinationNaming.Leaf, "-x").ToString());

    [Theory]
    [InlineData("mirror")]
    [InlineData("me/alpine")]
    [InlineData("")]
    [InlineData("r.test/Mirror")]
    [InlineData("r.test/m:1")]
    public void A_place_that_is_none_is_refused(string place)
    {
        var failure = Assert.Throws<OciException>(() => GivenDestination.Read(place).Below(ImageReference.Parse("alpine:3"), DestinationNaming.Leaf, null));
        Assert.Equal(OciErrorKind.ReferenceInvalid, failure.Kind);
    }

    [Theory]
    [InlineData("r.test/x", "r.test/x:3")]
    [InlineData("r.test/x:y", "r.test/x:y")]
    public void An_exact_name_keeps_the_sources_tag_unless_it_has_its_own(string name, string expected) =>
        Assert.Equal(expected, GivenDestination.Read(name).Exact(ImageReference.Parse("alpine:3")).ToString());
}
