using OciSync.Core.Errors;
using OciSync.Core.References;
using OciSync.Core.Requests;

namespace OciSync.Core.Tests.Requests;

public sealed class FolderNameTests
{
    private const string Hex = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    [Theory]
    [InlineData("nginx:1.27", "nginx", "1.27", null)]
    [InlineData("library/nginx:1.27", "library/nginx", "1.27", null)]
    [InlineData("localhost:5000/a/b:1", "localhost-5000/a/b", "1", null)]
    [InlineData("nginx@sha256:" + Hex, "nginx", null, "sha256:" + Hex)]
    [InlineData("3.20", "mirror", "3.20", null)]
    [InlineData("library/nginx", "library/nginx", "latest", null)]
    public void Names_of_a_layout_are_names_of_repositories(string name, string repository, string? tag, string? digest)
    {
        var read = FolderName.Read(name, ImageLocation.Parse("oci:/srv/Mirror"));

        Assert.Equal((string.Empty, repository, tag, digest), (read.Registry, read.Repository, read.Tag, read.Digest?.ToString()));
    }

    [Theory]
    [InlineData("Nginx:1", "upper-case letter 'N'")]
    [InlineData("a:b@sha256:12", "sha256 needs 64 hexadecimal digits")]
    [InlineData("a/../b:1", "starts or ends with '..'")]
    public void What_no_registry_could_take_is_refused(string name, string fault)
    {
        var failure = Assert.Throws<OciException>(() => FolderName.Read(name, ImageLocation.Parse("oci:/srv/mirror")));

        Assert.Equal(OciErrorKind.ReferenceInvalid, failure.Kind);
        Assert.Contains(fault, failure.Message);
    }

    [Theory]
    [InlineData("nginx:1.27", "nginx:1.27", "nginx=1.27")]
    [InlineData("library/nginx:1.27", "library/nginx:1.27", @"library\nginx=1.27")]
    [InlineData("nginx@sha256:" + Hex, "nginx@sha256:" + Hex, "nginx@sha256=" + Hex)]
    [InlineData("aux/con:1.", "aux/con:1.", @"aux=\con=1.=")]
    public void Folders_are_called_by_the_name_and_on_windows_without_what_is_forbidden(string name, string unix, string windows)
    {
        Assert.Equal(unix, FolderName.WritePath(name, windows: false));
        Assert.Equal(windows, FolderName.WritePath(name, windows: true));
        var folder = ImageLocation.Parse("dir:/media/usb");
        Assert.Equal(FolderName.ReadPath(unix, folder), FolderName.ReadPath(windows, folder));
        var read = FolderName.ReadPath("/" + unix, folder);
        Assert.Equal(name, read.Repository + (read.Tag is null ? "@" + read.Digest : ":" + read.Tag));
    }

    [Fact]
    public void The_folder_itself_may_be_the_image() =>
        Assert.Equal(
            ("busybox", "1"), FolderName.ReadPath(string.Empty, ImageLocation.Parse("dir:/media/usb/busybox:1")) is { } r ? (r.Repository, r.Tag) : default);

    [Theory]
    [InlineData("oci:/m", DestinationNaming.Leaf, "oci:/m:b:1")]
    [InlineData("oci:/m", DestinationNaming.Path, "oci:/m:a/b:1")]
    [InlineData("oci:/m", DestinationNaming.Full, "oci:/m:r.test-5000/a/b:1")]
    [InlineData("oci:/m", DestinationNaming.Flat, "oci:/m:a-b:1")]
    public void A_layout_gets_the_repository_and_the_tag(string place, DestinationNaming naming, string expected) =>
        Assert.Equal(expected, GivenDestination.Read(place).Below(ImageReference.Parse("r.test:5000/a/b:1"), naming, null).ToString());

    [Theory]
    [InlineData("oci:/m:x", "names an image; for many images write only the folder, oci:/m")]
    [InlineData("oci:/m:@1", "names an image")]
    [InlineData("docker-archive:a.tar:b:1", "names an image; for many images write only the folder, docker-archive:a.tar")]
    [InlineData("sif:a", "'sif:' is not supported")]
    public void A_place_for_many_is_a_folder(string place, string fault) =>
        Assert.Contains(
            fault, Assert.Throws<OciException>(() => GivenDestination.Read(place).Below(ImageReference.Parse("a:1"), DestinationNaming.Leaf, null)).Message);

    [Fact]
    public void A_place_in_an_index_is_no_destination() =>
        Assert.Contains("can't be a place in an index", Assert.Throws<OciException>(() => GivenDestination.Read("oci:/m:@0").Exact(null)).Message);

    [Fact]
    public void The_way_back_has_the_name_of_the_way_in()
    {
        var source = ImageReference.Parse("r.test/a/b:1");
        foreach (var naming in new[] { DestinationNaming.Leaf, DestinationNaming.Path, DestinationNaming.Full, DestinationNaming.Flat })
        {
            var inside = GivenDestination.Read("oci:/m").Below(source, naming, null);
            var back = GivenDestination.Read("r2.test/ns").Below(FolderName.Read(inside.Name!, ImageLocation.Parse("oci:/m")), DestinationNaming.Path, null);
            Assert.Equal("r2.test/ns/" + inside.Name, back.ToString());
        }
    }
}
