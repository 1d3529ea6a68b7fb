using OciSync.Core.References;

namespace OciSync.Core.Tests.References;

public sealed class LocationDriveTests
{
    [Theory]
    [InlineData(@"oci:Mirror:\images:alpine:3.20", @"Mirror:\images", "alpine:3.20")]
    [InlineData("oci:Mirror:/images", "Mirror:/images", null)]
    [InlineData(@"dir:Mirror:\images", @"Mirror:\images", null)]
    [InlineData(@"oci-archive:Mirror:\x.tar:a:1", @"Mirror:\x.tar", "a:1")]
    [InlineData(@"docker-archive:Mirror:\x.tar:a:1", @"Mirror:\x.tar", "docker.io/library/a:1")]
    public void The_colon_of_a_drive_that_is_known_belongs_to_the_path(string text, string path, string? name)
    {
        var location = ImageLocation.Parse(text, IsMirror);

        Assert.Equal((path, name), (location.Path, location.Name));
    }

    [Fact]
    public void The_files_of_a_tarball_are_on_drives_each_of_its_own()
    {
        var location = ImageLocation.Parse(@"tarball:Mirror:\a.tar:C:\b.tar:/c.tar:Mirror:/d.tar", IsMirror);

        var paths = new List<string>();
        location.WithPaths(
            path =>
            {
                paths.Add(path);
                return path;
            },
            IsMirror);
        Assert.Equal([@"Mirror:\a.tar", @"C:\b.tar", "/c.tar", "Mirror:/d.tar"], paths);
    }

    [Theory]
    [InlineData(@"oci:Other:\images:alpine:3.20", false)]
    [InlineData(@"dir:Other:\images", false)]
    [InlineData(@"docker-archive:Other:\x.tar", false)]
    [InlineData("dir:Other:/images", true)]
    [InlineData("oci:Other:/images:a:1", true)]
    public void A_drive_that_is_not_known_is_told(string text, bool isWindows)
    {
        var failure = Assert.Throws<ReferenceException>(() => LocationParser.Parse(text, IsMirror, isWindows));

        Assert.Contains("there is no drive 'Other:'", failure.Message);
    }

    [Theory]
    [InlineData("dir:a:/b", "a:/b")]
    [InlineData("dir:some:/b", "some:/b")]
    [InlineData("oci:a:b", "a")]
    public void Elsewhere_than_on_Windows_names_may_have_colons(string text, string path) =>
        Assert.Equal(path, LocationParser.Parse(text, null, isWindows: false).Path);

    [Theory]
    [InlineData("oci:C:mirror:alpine:3.20")]
    [InlineData("oci:c:")]
    [InlineData("oci-archive:C:x.tar")]
    [InlineData("docker-archive:D:x.tar:a:1")]
    public void A_path_relative_to_a_drive_is_refused_on_Windows(string text)
    {
        var failure = Assert.Throws<ReferenceException>(() => LocationParser.Parse(text, null, isWindows: true));

        Assert.Contains("current folder", failure.Message);
    }

    private static bool IsMirror(string name) => name == "Mirror";
}
