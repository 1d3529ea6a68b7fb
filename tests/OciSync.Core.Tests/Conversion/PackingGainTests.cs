using OciSync.Core.Conversion;

namespace OciSync.Core.Tests.Conversion;

public sealed class PackingGainTests
{
    private const int Size = GzipBlockStream.BlockSize;

    [Fact]
    public void Noise_gains_nothing_and_neither_does_it_after_other_blocks()
    {
        var gain = new PackingGain();
        var (noise, text) = (Noise(Size), Few(Size, 16));

        Assert.Equal([false, true, false], new[] { noise, text, noise }.Select(b => gain.IsLikely(b, b.Length)));
    }

    [Theory]
    [InlineData(64, true)]
    [InlineData(128, true)]
    [InlineData(230, true)]
    [InlineData(250, false)]
    public void Bytes_of_which_some_are_rare_gain_by_their_codes(int kinds, bool gains) =>
        Assert.Equal(gains, new PackingGain().IsLikely(Few(Size, kinds), Size));

    [Theory]
    [InlineData(2000, true)]
    [InlineData(40_000, false)]
    public void Noise_that_comes_again_gains_where_gzip_still_sees_it(int period, bool gains)
    {
        var phrase = Noise(period);
        var block = Enumerable.Range(0, Size).Select(i => phrase[i % period]).ToArray();

        Assert.Equal(gains, new PackingGain().IsLikely(block, Size));
    }

    // Noise with so much of something else at its end, its beginning, and between: what is mostly packed already is often part of a file with other parts.
    [Theory]
    [InlineData(0)]
    [InlineData(Size / 3)]
    [InlineData(Size - (Size / 8))]
    public void A_part_that_gains_is_seen(int start)
    {
        var block = Noise(Size);
        Few(Size / 8, 16).CopyTo(block, start);

        Assert.True(new PackingGain().IsLikely(block, Size));
    }

    [Fact]
    public void Of_a_short_block_nothing_is_supposed() => Assert.True(new PackingGain().IsLikely(Noise(Size), 20_000));

    // What is behind the block's end in its buffer was of an earlier block.
    [Fact]
    public void What_lies_behind_the_end_counts_for_nothing()
    {
        var block = Noise(Size);
        Array.Clear(block, Size / 2, Size / 2);

        Assert.False(new PackingGain().IsLikely(block, Size / 2));
    }

    private static byte[] Noise(int size) => Few(size, 256);

    private static byte[] Few(int size, int kinds)
    {
        var random = new Random(11);
        return Enumerable.Range(0, size).Select(_ => (byte)random.Next(kinds)).ToArray();
    }
}
