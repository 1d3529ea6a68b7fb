using OciSync.Core.References;
using OciSync.Core.Tags;
using OciSync.Core.Versions;

namespace OciSync.Core.Tests.Tags;

/// <summary>By itself: what other tests hold meanwhile would be counted.</summary>
[Collection(nameof(TagMemoryTests))]
[CollectionDefinition(nameof(TagMemoryTests), DisableParallelization = true)]
public sealed class TagMemoryTests
{
    // A million tags are to fit into 400 MB, PowerShell itself and the garbage of reading them included.
    private const int BytesPerTag = 200;
    private const int Count = 100_000;

    [Fact]
    public void A_list_of_tags_takes_little_room()
    {
        var repository = ImageReference.Parse("registry.corp.test/team/app");
        TagList.Create(repository, Names().Take(100));

        // The middle of five: what earlier tests held may still be given back meanwhile.
        Assert.InRange(Enumerable.Range(0, 5).Select(_ => MeasureEach(repository)).Order().ElementAt(2), 1, BytesPerTag);
    }

    private static long MeasureEach(ImageReference repository)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var list = TagList.Create(repository, Names());
        var each = (GC.GetTotalMemory(forceFullCollection: true) - before) / Count;
        Assert.Equal("1.99.99999", list.Tags[^1].Tag);
        return each;
    }

    [Fact]
    public void Numbers_in_the_text_compare_as_the_numbers_do()
    {
        string[] texts = ["1", "1.0", "01.0", "1.00", "v1", "1.10", "1.9", "0.1", "1.0.0-1", "20.4", "1.000000000000000000000000001", "1.1", "007", "7.0"];
        foreach (var (left, right) in texts.SelectMany(l => texts.Select(r => (TagVersion.Parse(l), TagVersion.Parse(r)))))
        {
            Assert.Equal(Math.Sign(TagOrder.CompareNumbers(left.Numbers, right.Numbers)), Math.Sign(TagNumbers.Compare(left, right)));
            Assert.Equal(left.Numbers.Count, TagNumbers.Count(left));
        }
    }

    private static IEnumerable<string> Names() => Enumerable.Range(0, Count).Select(i => $"1.{i / 1000}.{i}");
}
