using OciSync.Core.Flow;
using OciSync.Core.Uploads;

namespace OciSync.Core.Tests.Registry;

/// <summary>How large the parts of an upload are.</summary>
public sealed class UploadChunksTests
{
    private const long Usual = 64L * 1024 * 1024;

    private readonly UploadChunks _chunks = new(new EngineOptions());

    [Fact]
    public void Near_by_a_part_is_as_large_as_it_is_set()
    {
        Assert.Equal(Usual, _chunks.SizeFor(isLarge: true));
        Assert.Equal(Usual, _chunks.SizeFor(isLarge: true, 500e6, TimeSpan.Zero));
    }

    [Theory]
    [InlineData(40e6, 300, 1_200_000_000)]
    [InlineData(40e6, 100, 400_000_000)]
    [InlineData(1e6, 300, Usual)]
    public void Far_away_a_part_takes_as_long_as_a_hundred_round_trips(double perSecond, int milliseconds, long size) =>
        Assert.Equal(size, _chunks.SizeFor(isLarge: true, perSecond, TimeSpan.FromMilliseconds(milliseconds)));

    [Fact]
    public void After_a_refusal_parts_are_as_large_as_one_that_was_taken()
    {
        _chunks.Took(Usual);
        Assert.True(_chunks.TryShrink(1_200_000_000));
        Assert.Equal(Usual, _chunks.SizeFor(isLarge: true, 40e6, TimeSpan.FromMilliseconds(300)));
        Assert.True(_chunks.TryShrink(Usual));
        Assert.Equal(Usual / 2, _chunks.SizeFor(isLarge: true));
    }

    [Fact]
    public void What_was_refused_as_too_large_is_not_sent_again()
    {
        Assert.True(_chunks.TryShrink(100_000_000));
        Assert.Equal(50_000_000, _chunks.SizeFor(isLarge: true, 40e6, TimeSpan.FromMilliseconds(300)));
    }
}
