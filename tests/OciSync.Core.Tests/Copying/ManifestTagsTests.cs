using OciSync.Core.Copying;
using OciSync.Core.References;

namespace OciSync.Core.Tests.Copying;

public sealed class ManifestTagsTests
{
    private static readonly Digest One = Digest.Of([1]);
    private static readonly Digest Long = Digest.Of([1], "sha512");

    [Fact]
    public void Tags_are_found_by_the_manifest_that_they_are_named_after()
    {
        var start = $"sha256-{One.Hex}";
        var tags = new ManifestTags([start, $"{start}.sig", $"{start}.att", $"{start}x.sig", $"{start[..70]}.sig", "1.2.3", "latest"]);

        Assert.Equal((3, 2), (tags.Count(One, withSignatures: true), tags.Count(One, withSignatures: false)));
        Assert.Equal(0, tags.Count(Digest.Of([2]), withSignatures: true));
    }

    // Its name is cut, as that of a list of referrers is (distribution-spec, "Referrers Tag Schema").
    [Fact]
    public void So_are_those_of_a_longer_digest() =>
        Assert.Equal(1, new ManifestTags([$"sha512-{Long.Hex[..64]}", $"sha512-{Long.Hex}"]).Count(Long, withSignatures: true));

    [Fact]
    public void To_look_for_one_among_many_makes_no_text_for_each()
    {
        var tags = new ManifestTags(Enumerable.Range(0, 10_000).Select(i => $"1.{i}.0"));
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Equal(0, tags.Count(One, withSignatures: true));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000);
    }
}
