using OciSync.Core.References;
using OciSync.Core.Tags;
using OciSync.Core.Versions;
using TagList = OciSync.Core.Tags.TagList;
namespace OciSync.Core.Tests.Tags;

public sealed class RealTagsTests
{
    [Theory]
    [InlineData("docker.io/library/alpine", "3.22.4 3.23.0 3.23.2 3.23.3 3.23.4")]
    [InlineData("docker.io/library/nginx", "1.30.0 1.30.1 1.30.2 1.31.0 1.31.1")]
    [InlineData("docker.io/library/node", "25.8.2 25.9.0 26.0.0 26.1.0 26.2.0")]
    [InlineData("docker.io/library/openjdk", "17.0.2 18.0.1 18.0.1.1 18.0.2 18.0.2.1")]
    [InlineData("registry.k8s.io/pause", "3.8 3.9 3.10 3.10.1 3.10.2")]
    [InlineData("registry.k8s.io/etcd", "v3.6.7 v3.6.8 v3.6.9 v3.6.10 v3.6.11")]
    [InlineData("mcr.microsoft.com/devcontainers/base", "2.1.2 2.1.3 2.1.5 2.1.6 2.1.7")]
    public void The_latest_five_are_the_newest_full_versions_of_the_main_family(string repository, string expected)
    {
        var chosen = new TagSelector(new TagChoice { Latest = 5 }).Select(RealTags.Of(repository));

        Assert.Equal(expected, string.Join(" ", chosen.Select(t => t.Tag)));
    }

    [Fact]
    public void Any_shuffle_of_a_list_sorts_the_same()
    {
        var random = new Random(1);
        foreach (var (repository, names) in RealTags.ByRepository)
        {
            var sorted = RealTags.Of(repository).Select(t => t.Tag).ToList();
            var shuffled = names.OrderBy(_ => random.Next()).ToList();
            Assert.Equal(sorted, TagList.Create(ImageReference.Parse(repository), shuffled).Tags.Select(t => t.Tag));
        }
    }

    [Fact]
    public void The_order_is_total_and_strict_across_all_lists()
    {
        var random = new Random(2);
        var versions = RealTags.ByRepository.Values.SelectMany(v => v).Distinct().Select(TagVersion.Parse).OrderBy(_ => random.Next()).Take(3000).ToList();
        for (var i = 0; i < 200_000; i++)
        {
            var (a, b, c) = (Any(), Any(), Any());
            Assert.Equal(-Math.Sign(a.CompareTo(b)), Math.Sign(b.CompareTo(a)));
            Assert.Equal(a.Equals(b), a.CompareTo(b) == 0);
            Assert.False(a.CompareTo(b) < 0 && b.CompareTo(c) < 0 && a.CompareTo(c) >= 0, $"{a} < {b} < {c}, but not {a} < {c}");
        }

        TagVersion Any() => versions[random.Next(versions.Count)];
    }

    [Fact]
    public void Choosing_among_all_of_them_costs_twice_as_much_for_twice_as_many_and_asks_nobody()
    {
        var random = new Random(3);
        var names = RealTags.ByRepository.Values.SelectMany(v => v).Distinct().OrderBy(_ => random.Next()).ToList();
        ChooseFive(names.Take(1000));

        var half = ChooseFive(names.Take(names.Count / 2));
        var all = ChooseFive(names);

        Assert.True(all < half * 2.5, $"{half} bytes for half of them, and {all} for all");
    }

    // Gives the bytes that it took, which no other work on the machine changes.
    private static long ChooseFive(IEnumerable<string> names)
    {
        var selector = new TagSelector(new TagChoice { Latest = 5, ExcludeKeyword = ["rc", "arm"], ExcludeRegex = ["nightly|dev"] });
        var list = names.ToList();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(5, selector.Select(TagList.Create(ImageReference.Parse("r.test/all"), list).Tags).Count());
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
