using OciSync.Core.Errors;
using OciSync.Core.References;
using OciSync.Core.Requests;

namespace OciSync.Core.Tests.Syncing;

/// <summary>A registry whose repository was forgotten is no image of Docker Hub's that somebody wants to write.</summary>
public sealed class DestinationSlipTests
{
    [Theory]
    [InlineData("127.0.0.1:22002", "docker.io/library/127.0.0.1:22002")]
    [InlineData("127.0.0.1", "docker.io/library/127.0.0.1:latest")]
    [InlineData("localhost:5000", "docker.io/library/localhost:5000")]
    [InlineData("localhost", "docker.io/library/localhost:latest")]
    [InlineData("registry.corp.local", "docker.io/library/registry.corp.local:latest")]
    [InlineData("registry.corp.local:443", "docker.io/library/registry.corp.local:443")]
    [InlineData("docker://ghcr.io", "docker.io/library/ghcr.io:latest")]
    [InlineData("myregistry:5000", "docker.io/library/myregistry:5000")]
    public void A_destination_that_looks_like_a_registry_is_refused_and_says_what_it_would_mean(string destination, string meaning)
    {
        var failure = Assert.Throws<OciException>(() => GivenDestination.Read(destination).Exact(ImageReference.Parse("quay.io/a/nginx:1.27")));
        Assert.Equal(OciErrorKind.ReferenceInvalid, failure.Kind);
        Assert.Contains($"'{meaning}'", failure.Message, StringComparison.Ordinal);
        Assert.Contains($"{destination}/nginx:1.27", failure.Message, StringComparison.Ordinal);
        Assert.Contains($"write '{meaning.Replace(":latest", string.Empty, StringComparison.Ordinal)}'", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nginx.tar", "docker-archive:nginx.tar")]
    [InlineData("all.tar.gz", "oci-archive:all.tar.gz")]
    [InlineData("sync.yaml", "-ConfigPath sync.yaml")]
    [InlineData("m.json", "Get-OciDigest -Path m.json")]
    [InlineData("localhost:5000", "localhost:5000/a:1")]
    public void A_file_is_known_by_its_name(string text, string hint)
    {
        Assert.NotNull(HostSlip.Find(text));
        Assert.Contains(hint, HostSlip.Explain(text, "a:1"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/tmp/nginx.tar")]
    [InlineData("./nginx.tar")]
    [InlineData("../m/nginx.tar")]
    [InlineData("~/nginx.tar")]
    [InlineData(@"C:\m\nginx.tar")]
    public void A_path_wants_its_kind(string path)
    {
        Assert.False(ImageReference.TryParse(path, out _, out var fault));
        Assert.Contains("docker-archive:path", fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("docker.io/library/127.0.0.1:22002", "docker.io/library/127.0.0.1:22002")]
    [InlineData("docker.io/library/registry.corp.local", "docker.io/library/registry.corp.local:3")]
    [InlineData("127.0.0.1:22002/nginx", "127.0.0.1:22002/nginx:3")]
    [InlineData("localhost/nginx", "localhost/nginx:3")]
    [InlineData("alpine", "docker.io/library/alpine:3")]
    [InlineData("node:20", "docker.io/library/node:20")]
    [InlineData("amazonlinux:2023", "docker.io/library/amazonlinux:2023")]
    [InlineData("me/my.tool:2024", "docker.io/me/my.tool:2024")]
    public void A_whole_name_is_what_it_says(string destination, string expected) =>
        Assert.Equal(expected, GivenDestination.Read(destination).Exact(ImageReference.Parse("alpine:3")).ToString());

    [Theory]
    [InlineData(DestinationNaming.Leaf, "docker-daemon:docker.io/library/b:1")]
    [InlineData(DestinationNaming.Full, "docker-daemon:quay.io/a/b:1")]
    [InlineData(DestinationNaming.Path, "docker-daemon:docker.io/a/b:1")]
    public void A_Docker_engine_is_a_place_for_many_images(DestinationNaming naming, string expected) =>
        Assert.Equal(expected, GivenDestination.Read("docker-daemon:").Below(ImageReference.Parse("quay.io/a/b:1"), naming, null).ToString());

    [Fact]
    public void The_place_that_a_message_names_for_a_Docker_engine_is_one()
    {
        var failure = Assert.Throws<OciException>(() => GivenDestination.Read("docker-daemon:mirror").Below(ImageReference.Parse("quay.io/a/b:1"), DestinationNaming.Leaf, null));
        Assert.Contains("'docker-daemon:mirror' names an image; for many images write only the place, docker-daemon:, or a script block", failure.Message, StringComparison.Ordinal);
        Assert.Contains("\"docker-daemon:mirror/$($_.Repository):$($_.Tag)\"", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_image_without_a_tag_has_no_name_in_a_Docker_engine()
    {
        var source = ImageReference.Parse("a@sha256:" + new string('0', 64));
        Assert.Throws<OciException>(() => GivenDestination.Read("docker-daemon:").Below(source, DestinationNaming.Leaf, null));
    }
}
