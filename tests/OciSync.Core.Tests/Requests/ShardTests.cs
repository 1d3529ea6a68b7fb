using OciSync.Core.Errors;
using OciSync.Core.References;
using OciSync.Core.Requests;
using OciSync.Core.Rows;
using OciSync.Core.Syncing;

namespace OciSync.Core.Tests.Requests;

public sealed class ShardTests
{
    [Fact]
    public void Every_name_is_in_exactly_one_part_and_the_parts_are_about_equal()
    {
        var names = Enumerable.Range(0, 4000).Select(i => $"docker.io/library/r{i % 40}:1.{i / 40}.0").ToList();
        foreach (var count in new[] { 1, 2, 3, 7, 8, 64 })
        {
            var parts = Enumerable.Range(1, count).Select(i => Shard.Parse($"{i}/{count}")).ToList();
            var sizes = parts.Select(p => names.Count(p.Contains)).ToList();
            Assert.All(names, n => Assert.Single(parts, p => p.Contains(n)));
            Assert.Equal(names.Count, sizes.Sum());
            Assert.All(sizes, s => Assert.InRange(s, names.Count / count * 0.6, (names.Count / (double)count * 1.4) + 1));
        }
    }

    // Other processes, machines and versions have to agree with this one.
    [Theory]
    [InlineData("docker.io/library/alpine:3.22.4", 6)]
    [InlineData("registry.k8s.io/pause:3.10", 7)]
    [InlineData("registry.k8s.io/pause:3.9", 2)]
    [InlineData("", 7)]
    public void The_part_of_a_name_never_changes(string name, int part) =>
        Assert.Equal(part, Enumerable.Range(1, 8).Single(i => Shard.Parse($"{i}/8").Contains(name)));

    [Fact]
    public void Pairs_of_any_plan_are_divided_without_loss_and_who_collides_stays_together()
    {
        var random = new Random(11);
        for (var round = 0; round < 200; round++)
        {
            var pairs = Enumerable.Range(0, random.Next(1, 30)).Select(
                _ => Pair($"r{random.Next(4)}.test/a{random.Next(3)}:{random.Next(3)}", $"p.test/a{random.Next(3)}:{random.Next(3)}")).ToList();
            var whole = SyncPlan.Create(pairs, new SyncRequest());
            var count = random.Next(1, 6);
            var parts = Enumerable.Range(1, count).Select(i => SyncPlan.Create(whole.PairsOf(Shard.Parse($"{i}/{count}")), new SyncRequest())).ToList();
            Assert.Equal(Texts(whole.Leaders), Texts(parts.SelectMany(p => p.Leaders)));
            Assert.Equal(
                whole.Followers.Select(f => $"{f.Pair} {f.Leader}").Order(StringComparer.Ordinal),
                parts.SelectMany(p => p.Followers).Select(f => $"{f.Pair} {f.Leader}").Order(StringComparer.Ordinal));
        }
    }

    [Theory]
    [InlineData("0/8")]
    [InlineData("9/8")]
    [InlineData("1")]
    [InlineData("1/0")]
    [InlineData("a/b")]
    [InlineData("-1/8")]
    [InlineData("1/8/2")]
    [InlineData("1/99999")]
    public void What_is_no_part_is_refused(string text)
    {
        var failure = Assert.Throws<OciException>(() => Shard.Parse(text));
        Assert.Equal(OciErrorKind.ChoiceInvalid, failure.Kind);
        Assert.Contains("1/8", failure.Message, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Texts(IEnumerable<SyncPair> pairs) => pairs.Select(p => p.ToString()).Order(StringComparer.Ordinal);

    private static SyncPair Pair(string source, string destination) => new(ImageReference.Parse(source), ImageReference.Parse(destination), source);
}
