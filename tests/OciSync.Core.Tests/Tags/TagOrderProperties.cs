using CsCheck;
using OciSync.Core.Versions;

namespace OciSync.Core.Tests.Tags;

public sealed class TagOrderProperties
{
    private static readonly string[] Pieces =
    [
        "1", "1.0", "01", "v1", "2024-01-31", "20240131", "RELEASE.", "-", ".", "_", "rc", "RC1", "b2", "ea-22", "-0", "u8", "x",
        "T0101Z",
    ];

    private static readonly Gen<string> Tag = Gen.OneOf(
        Gen.Char["0123456789abcfv.-_rc"].Array[1, 20].Select(c => new string(c)),
        Gen.Int[0, Pieces.Length - 1].Array[1, 5].Select(chosen => string.Concat(chosen.Select(i => Pieces[i]))),
        Gen.Int[0, TagData.Names.Length - 1].SelectMany(n =>
        {
            var tags = TagData.Read(TagData.Names[n]);
            return Gen.Int[0, tags.Length - 1].Select(i => tags[i]);
        }));

    [Fact]
    public void It_is_total_and_strict() =>
        Gen.Select(Tag, Tag, Tag).Sample((a, b, c) =>
        {
            var (x, y, z) = (TagVersion.Parse(a), TagVersion.Parse(b), TagVersion.Parse(c));
            Assert.Equal(Math.Sign(x.CompareTo(y)), -Math.Sign(y.CompareTo(x)));
            Assert.Equal(a == b, x.CompareTo(y) == 0);
            if (x.CompareTo(y) < 0 && y.CompareTo(z) < 0)
            {
                Assert.True(x.CompareTo(z) < 0, $"{a} < {b} < {c}");
            }
        });

    [Fact]
    public void No_text_is_refused() => Gen.String.Sample(text => Assert.Equal(text, TagVersion.Parse(text).ToString()));

    public static TheoryData<string> Lists => [.. TagData.Names];

    [Theory]
    [MemberData(nameof(Lists))]
    public void A_list_sorts_the_same_however_it_comes(string name)
    {
        var tags = TagData.Read(name);
        var sorted = tags.Select(TagVersion.Parse).OrderBy(v => v).ToList();
        for (var seed = 1; seed <= 3; seed++)
        {
            var random = new Random(seed);
            Assert.Equal(sorted, tags.OrderBy(_ => random.Next()).Select(TagVersion.Parse).OrderBy(v => v));
        }
    }
}
