using OciSync.Core.Errors;
using OciSync.Core.References;

namespace OciSync.Core.Tests.References;

public sealed class ImageLocationTests
{
    [Theory]
    [InlineData("oci:mirror", "mirror", null, null)]
    [InlineData("oci:/srv/mirror:alpine:3.20", "/srv/mirror", "alpine:3.20", null)]
    [InlineData("oci:/srv/mirror:library/alpine@sha256:0000", "/srv/mirror", "library/alpine@sha256:0000", null)]
    [InlineData("oci:/srv/mirror:@2", "/srv/mirror", null, 2)]
    [InlineData(@"oci:C:\mirror", @"C:\mirror", null, null)]
    [InlineData(@"oci:C:\mirror:alpine:3.20", @"C:\mirror", "alpine:3.20", null)]
    [InlineData("oci:D:/mirror:localhost:5000/a/b:1", "D:/mirror", "localhost:5000/a/b:1", null)]
    [InlineData(@"oci:\\server\share\mirror:alpine:3.20", @"\\server\share\mirror", "alpine:3.20", null)]
    [InlineData(@"oci:\\?\C:\mirror:@0", @"\\?\C:\mirror", null, 0)]
    public void A_layout_has_a_path_and_perhaps_a_name_or_a_place(string text, string path, string? name, int? index)
    {
        var location = ImageLocation.Parse(text);

        Assert.Equal((ImageTransport.Oci, path, name, index), (location.Transport, location.Path, location.Name, location.Index));
        Assert.Equal(text, location.ToString());
        Assert.Equal(location, ImageLocation.Parse(location.ToString()));
    }

    [Theory]
    [InlineData("dir:/media/usb/busybox:1", "/media/usb/busybox:1")]
    [InlineData(@"dir:C:\usb\busybox=1", @"C:\usb\busybox=1")]
    [InlineData("dir:a@b", "a@b")]
    public void All_behind_dir_is_a_path(string text, string path)
    {
        var location = ImageLocation.Parse(text);

        Assert.Equal((ImageTransport.Dir, path, text), (location.Transport, location.Path, location.ToString()));
    }

    [Theory]
    [InlineData("alpine:3", "docker.io/library/alpine:3")]
    [InlineData("docker://quay.io/a/b@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "quay.io/a/b@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData("docker://oci:1", "docker.io/library/oci:1")]
    public void All_else_is_a_reference_in_a_registry(string text, string expected)
    {
        var location = ImageLocation.Parse(text);

        Assert.Equal((ImageTransport.Docker, expected), (location.Transport, location.ToString()));
        Assert.Equal(ImageReference.Parse(text), location.Image);
    }

    [Theory]
    [InlineData("oci:", "the path is empty")]
    [InlineData("oci::name", "the path is empty")]
    [InlineData("dir:", "the path is empty")]
    [InlineData("oci:m:", "its image name is empty")]
    [InlineData("oci:m:a b", "' ' at position 2")]
    [InlineData("oci:m:-a", "'-' at position 1")]
    [InlineData("oci:m:@x", "'@x' is not '@' and a number")]
    [InlineData("oci:m:@-1", "'@-1' is not '@' and a number")]
    [InlineData("", "it is empty")]
    [InlineData("oci://h/a:1", "leave out 'oci://'")]
    public void What_is_none_says_why(string text, string fault) =>
        Assert.Contains(fault, Assert.Throws<ReferenceException>(() => ImageLocation.Parse(text)).Message);

    [Theory]
    [InlineData("oci-archive:a.tar")]
    [InlineData("docker-archive:C:\\a.tar:x")]
    [InlineData("docker-daemon:alpine:3")]
    [InlineData("containers-storage:alpine")]
    [InlineData("tarball:a.tar")]
    public void Other_transports_are_refused_by_name(string text)
    {
        var failure = Assert.Throws<OciException>(() => ImageLocation.Parse(text));

        Assert.Equal("OciTransportUnsupported", failure.ErrorId);
        Assert.Contains($"the transport '{text.Split(':')[0]}:' is not supported", failure.Message);
    }
}
