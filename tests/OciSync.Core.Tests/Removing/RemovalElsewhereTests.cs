using OciSync.Core.Errors;

namespace OciSync.Core.Tests.Removing;

/// <summary>Where images are removed by others, the message says by whom.</summary>
public sealed class RemovalElsewhereTests
{
    [Theory]
    [InlineData("docker-daemon:alpine:3", "docker image rm docker.io/library/alpine:3")]
    [InlineData("docker-archive:/m/all.tar:alpine:3", "Remove-Item '/m/all.tar'")]
    [InlineData("oci-archive:/m/all.tar:a", "Copy the images that are to stay into a new one")]
    [InlineData("dir:/m/alpine", "Remove-Item -Recurse '/m/alpine'")]
    [InlineData("tarball:/m/rootfs.tar", "no image by themselves")]
    public async Task What_is_removed_otherwise_is_said_with_the_way(string reference, string remedy)
    {
        var failure = await Assert.ThrowsAsync<OciException>(() => new Removal().RunAsync(reference));
        Assert.Equal(OciErrorKind.TransportUnsupported, failure.Kind);
        Assert.Contains(remedy, failure.Message, StringComparison.Ordinal);
    }
}
