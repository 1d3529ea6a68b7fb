using System.IO.Compression;
using System.Text;
using OciSync.Core.Conversion;

namespace OciSync.Core.Tests.Conversion;

public sealed class GzipBlockStreamTests
{
    private const int Block = GzipBlockStream.BlockSize;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(Block - 1)]
    [InlineData(Block)]
    [InlineData(Block + 1)]
    [InlineData((5 * Block) + 77)]
    public async Task What_is_packed_is_unpacked_again(int size)
    {
        var content = Text(size);

        var packed = await PackAsync(content, 100_000, threads: 3);

        Assert.Equal(content, Unpack(packed));
    }

    [Fact]
    public async Task The_bytes_depend_neither_on_how_they_come_nor_on_how_many_are_packed_at_once()
    {
        var content = Text((3 * Block) + 5);
        var first = await PackAsync(content, content.Length, threads: 9);

        Assert.Equal(first, await PackAsync(content, 4099, threads: 9));
        Assert.Equal(first, await PackAsync(content, 70_000, threads: 2));
        Assert.Equal(first, await PackAsync(content, 70_000, threads: 1));
    }

    [Fact]
    public async Task Nothing_becomes_a_whole_file_on_every_platform()
    {
        var packed = await PackAsync([], 1, threads: 1);

        Assert.Equal("1F8B080000000000000303000000000000000000", System.Convert.ToHexString(packed));
        Assert.Empty(Unpack(packed));
    }

    [Fact]
    public async Task What_cannot_be_made_smaller_is_stored_and_all_else_is_packed()
    {
        var noise = new byte[2 * Block];
        new Random(3).NextBytes(noise);
        var content = noise.Concat(Text(2 * Block)).ToArray();

        var packed = await PackAsync(content, 65_536, threads: 3);

        Assert.Equal(content, Unpack(packed));
        Assert.InRange(packed.Length, noise.Length, noise.Length + Block);

        // Stored as it is: the noise can be seen in what was packed.
        Assert.True(packed.AsSpan().IndexOf(noise.AsSpan(Block, 1000)) > 0);
    }

    // The first sizes are around those of the stored blocks of a member; what checks it is .NET's own reader.
    [Theory]
    [InlineData(65_535)]
    [InlineData(65_536)]
    [InlineData(131_070)]
    [InlineData(131_071)]
    [InlineData(Block - 15)]
    [InlineData(Block - 1)]
    [InlineData((3 * Block) + 40_001)]
    public async Task What_is_stored_has_little_added_and_is_read_again(int size)
    {
        var noise = new byte[size];
        new Random(4).NextBytes(noise);

        var packed = await PackAsync(noise, 70_001, threads: 2);

        Assert.Equal(noise, Unpack(packed));

        // Head and check of a member are 18 bytes; zlib stores a little less than 32 KiB at a time, behind five.
        var members = (size / Block) + 1;
        Assert.InRange(packed.Length, size, size + (members * 18) + (((size / 32_000) + members) * 5));
    }

    [Fact]
    public async Task What_is_stored_has_the_check_of_its_bytes()
    {
        var noise = new byte[Block];
        new Random(5).NextBytes(noise);

        var packed = await PackAsync(noise, Block, threads: 1);

        packed[Block / 2] ^= 1;
        Assert.Throws<InvalidDataException>(() => Unpack(packed));
    }

    [Fact]
    public async Task A_stream_that_was_given_up_leaves_room_for_others()
    {
        using var threads = new PackingThreads(3);
        using (var target = new MemoryStream())
        {
            using var stream = new GzipBlockStream(target, null, threads);
            var content = Text(5 * Block);
            await stream.WriteAsync(content, 0, content.Length, TestContext.Current.CancellationToken);
            Assert.Equal(0, threads.Room);
        }

        Assert.Equal(4, threads.Room);
    }

    private static async Task<byte[]> PackAsync(byte[] content, int step, int threads)
    {
        using var packing = new PackingThreads(threads);
        using var target = new MemoryStream();
        using (var stream = new GzipBlockStream(target, null, packing))
        {
            for (var i = 0; i < content.Length; i += step)
            {
                await stream.WriteAsync(content, i, Math.Min(step, content.Length - i), TestContext.Current.CancellationToken);
            }

            await stream.CompleteAsync(TestContext.Current.CancellationToken);
        }

        Assert.Equal(threads + 1, packing.Room);
        return target.ToArray();
    }

    private static byte[] Unpack(byte[] packed)
    {
        using var gzip = new GZipStream(new MemoryStream(packed), CompressionMode.Decompress);
        using var plain = new MemoryStream();
        gzip.CopyTo(plain);
        return plain.ToArray();
    }

    private static byte[] Text(int size)
    {
        var random = new Random(7);
        var text = new StringBuilder(size + 16);
        while (text.Length < size)
        {
            text.Append(random.Next(100_000)).Append(' ');
        }

        return Encoding.ASCII.GetBytes(text.ToString(0, size));
    }
}
