using OciSync.Core.Errors;
using OciSync.Core.References;
using OciSync.Core.Requests;

namespace OciSync.Core.Tests.Requests;

/// <summary>A destination is read once; what was read is what images go to.</summary>
public sealed class GivenDestinationTests
{
    [Fact]
    public void The_text_is_read_once_for_all_its_images()
    {
        var reads = 0;
        var place = GivenDestination.Read("oci:m", text =>
        {
            reads++;
            return ImageLocation.Parse(text);
        });

        Assert.Equal("oci:m:a:1", place.Below(ImageReference.Parse("r.test/a:1"), DestinationNaming.Leaf, null).ToString());
        Assert.Equal("oci:m:b:2", place.Below(ImageReference.Parse("r.test/b:2"), DestinationNaming.Leaf, null).ToString());
        Assert.Equal(("oci:m", 1), (place.Exact(null).ToString(), reads));
    }

    [Fact]
    public void A_full_path_with_a_colon_stays_one_path()
    {
        var place = GivenDestination.Read("oci:m", text => ImageLocation.Parse(text).WithPath("/data/2026:11/m"));

        var below = place.Below(ImageReference.Parse("r.test/a:1"), DestinationNaming.Leaf, null);

        Assert.Equal(("/data/2026:11/m", "a:1"), (below.Path, below.Name));
        Assert.Equal(("/data/2026:11/m", null), (place.Exact(null).Path, place.Exact(null).Name));
    }

    [Fact]
    public void What_is_wrong_is_told_for_each_image_anew()
    {
        var place = GivenDestination.Read("oci:m:a b");

        var failures = Enumerable.Range(0, 2)
            .Select(_ => Assert.Throws<OciException>(() => place.Below(ImageReference.Parse("a:1"), DestinationNaming.Leaf, null))).ToList();

        Assert.NotSame(failures[0], failures[1]);
        Assert.All(failures, f => Assert.StartsWith("The destination 'oci:m:a b'", f.Message, StringComparison.Ordinal));
        Assert.Throws<OciException>(() => place.Location);
    }
}
