using System.Text;
using OciSync.Core.Errors;
using OciSync.Core.Filling;
using OciSync.Core.Manifests;
using OciSync.Core.References;

namespace OciSync.Core.Tests.Filling;

/// <summary>What is kept of images on their way, and how long.</summary>
public sealed class PendingImagesTests
{
    private readonly PendingImages _pending = new();

    [Fact]
    public void One_name_that_is_there_takes_nothing_from_another_of_the_same_image()
    {
        var image = Make(1);
        var first = _pending.Begin("a", "1", image)!;
        var second = _pending.Begin("a", "2", image)!;
        _pending.End(first, isThere: true);
        Assert.Null(_pending.FindTag("a", "1"));
        Assert.Same(image, _pending.FindTag("a", "2"));
        Assert.Same(image, _pending.Find("a", image.Digest));
        _pending.End(second, isThere: true);
        Assert.False(_pending.Has("a"));
    }

    [Fact]
    public void A_tag_that_moved_on_the_way_is_its_newest_image_until_that_is_there()
    {
        var (older, newer) = (Make(1), Make(2));
        var first = _pending.Begin("a", "1", older)!;
        _pending.Begin("a", "1", newer);
        _pending.End(first, isThere: true);
        Assert.Same(newer, _pending.FindTag("a", "1"));
    }

    [Fact]
    public void What_is_on_its_way_is_not_begun_twice_and_what_failed_is_begun_anew()
    {
        var image = Make(1);
        var first = _pending.Begin("a", "1", image)!;
        Assert.Null(_pending.Begin("a", "1", image));
        _pending.End(first, isThere: false);
        Assert.Null(_pending.FindTag("a", "1"));
        Assert.Same(image, _pending.Find("a", image.Digest));
        _pending.End(_pending.Begin("a", "1", image)!, isThere: true);
        Assert.False(_pending.Has("a"));
    }

    [Fact]
    public void What_failed_under_one_name_goes_when_the_same_image_comes_under_another()
    {
        var image = Make(1);
        _pending.End(_pending.Begin("a", "1", image)!, isThere: false);
        _pending.End(_pending.Begin("a", "1.2", image)!, isThere: true);
        Assert.False(_pending.Has("a"));
        Assert.Null(_pending.FindOwner("a", image.Digest));
    }

    [Fact]
    public void No_more_than_so_many_are_on_their_way()
    {
        var begun = Enumerable.Range(0, PendingImages.Most).Select(i => _pending.Begin("a" + i, "1", Make(i))!).ToList();
        var full = Assert.Throws<OciException>(_pending.Check);
        Assert.Equal((OciErrorKind.RateLimited, true), (full.Kind, full.RetryAfter > TimeSpan.Zero));
        _pending.End(begun[0], isThere: true);
        _pending.Check();
    }

    [Fact]
    public void Those_that_failed_first_make_room_for_others()
    {
        for (var i = 0; i < 50; i++)
        {
            _pending.Check();
            _pending.End(_pending.Begin("a" + i, "1", Make(i, 4_000_000))!, isThere: false);
        }

        Assert.False(_pending.Has("a0"));
        Assert.True(_pending.Has("a49"));
        Assert.InRange(Enumerable.Range(0, 50).Count(i => _pending.Has("a" + i)), 5, 9);
    }

    private static Manifest Make(int seed, int size = 0)
    {
        var text = $"{seed}{new string('y', size)}";
        var content = Encoding.UTF8.GetBytes($$"""{"schemaVersion":2,"mediaType":"{{MediaTypes.OciIndex}}","manifests":[],"annotations":{"x":"{{text}}"} }""");
        return ManifestReader.Read(content, MediaTypes.OciIndex, Digest.Of(content), "test");
    }
}
