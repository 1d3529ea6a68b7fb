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
    [InlineData("oci-archive:a.tar", ImageTransport.OciArchive, "a.tar", null, null, null)]
    [InlineData("oci-archive:/srv/a.tar:alpine:3.20", ImageTransport.OciArchive, "/srv/a.tar", "alpine:3.20", null, null)]
    [InlineData(@"oci-archive:C:\images\nginx.tar:@1", ImageTransport.OciArchive, @"C:\images\nginx.tar", null, 1, null)]
    [InlineData("docker-archive:/srv/a.tar", ImageTransport.DockerArchive, "/srv/a.tar", null, null, null)]
    [InlineData("docker-archive:/srv/a.tar:alpine",
        ImageTransport.DockerArchive, "/srv/a.tar", "docker.io/library/alpine:latest", null, "docker-archive:/srv/a.tar:docker.io/library/alpine:latest")]
    [InlineData(@"docker-archive:C:\images\nginx.tar", ImageTransport.DockerArchive, @"C:\images\nginx.tar", null, null, null)]
    [InlineData(@"docker-archive:C:\images\nginx.tar:nginx:1.27", ImageTransport.DockerArchive,
        @"C:\images\nginx.tar", "docker.io/library/nginx:1.27", null, @"docker-archive:C:\images\nginx.tar:docker.io/library/nginx:1.27")]
    [InlineData("docker-archive:D:/a.tar:reg.corp:5000/a/b:1", ImageTransport.DockerArchive, "D:/a.tar", "reg.corp:5000/a/b:1", null, null)]
    [InlineData(@"docker-archive:\\server\share\a.tar:quay.io/a/b:1", ImageTransport.DockerArchive, @"\\server\share\a.tar", "quay.io/a/b:1", null, null)]
    [InlineData(@"docker-archive:\\?\C:\a.tar:@0", ImageTransport.DockerArchive, @"\\?\C:\a.tar", null, 0, null)]
    [InlineData("docker-daemon:alpine:3", ImageTransport.DockerDaemon, "", "docker.io/library/alpine:3", null, "docker-daemon:docker.io/library/alpine:3")]
    [InlineData("docker-daemon:localhost:5000/a", ImageTransport.DockerDaemon, "", "localhost:5000/a:latest", null, "docker-daemon:localhost:5000/a:latest")]
    [InlineData("docker-daemon:sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        ImageTransport.DockerDaemon, "", "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", null, null)]
    [InlineData(@"tarball:C:\a.tar:D:\b\c.tar.gz", ImageTransport.Tarball, @"C:\a.tar:D:\b\c.tar.gz", null, null, null)]
    public void Archives_and_engines(string text, ImageTransport transport, string path, string? name, int? index, string? written)
    {
        var location = ImageLocation.Parse(text);

        Assert.Equal((transport, path, name, index), (location.Transport, location.Path, location.Name, location.Index));
        Assert.Equal(written ?? text, location.ToString());
        Assert.Equal(location, ImageLocation.Parse(location.ToString()));
    }

    [Fact]
    public void The_paths_of_a_tarball_are_changed_one_by_one_and_an_engine_has_none()
    {
        Assert.Equal(@"tarball:<C:\a>:<D:\b>", ImageLocation.Parse(@"tarball:C:\a:D:\b").WithPaths(p => $"<{p}>").ToString());
        Assert.Equal("docker-daemon:docker.io/library/a:1", ImageLocation.Parse("docker-daemon:a:1").WithPaths(p => $"<{p}>").ToString());
    }

    [Theory]
    [InlineData("docker-archive:", "the path is empty")]
    [InlineData("docker-archive:a.tar:UPPER", "is none that Docker knows")]
    [InlineData("docker-archive:a.tar:a@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "images are called by a tag there")]
    [InlineData("docker-archive:a.tar:@x", "'@x' is not '@' and a number")]
    [InlineData("docker-daemon:", "its image name is empty")]
    [InlineData("docker-daemon:a b", "is none that Docker knows")]
    [InlineData("tarball:a::b", "the path is empty")]
    public void What_is_no_archive_says_why(string text, string fault) =>
        Assert.Contains(fault, Assert.Throws<ReferenceException>(() => ImageLocation.Parse(text)).Message);

    [Theory]
    [InlineData("alpine:3", "docker.io/library/alpine:3")]
    [InlineData("docker://quay.io/a/b@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "quay.io/a/b@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
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
    [InlineData("containers-storage:alpine")]
    [InlineData("sif:a.sif")]
    [InlineData("atomic:a/b/c:1")]
    public void Other_transports_are_refused_by_name(string text)
    {
        var failure = Assert.Throws<OciException>(() => ImageLocation.Parse(text));

        Assert.Equal("OciTransportUnsupported", failure.ErrorId);
        Assert.Contains($"the transport '{text.Split(':')[0]}:' is not supported", failure.Message);
    }
}
