using System.IO.Compression;
using OciSync.Core.Polyfills;

namespace OciSync.Core.Tests.Polyfills;

public sealed class Crc32Tests
{
    [Fact]
    public void The_check_is_the_one_that_is_known() => Assert.Equal(0xCBF43926, Crc32.Of("123456789x"u8.ToArray(), 9));

    // Of every length around those that are taken sixteen and sixty-four at a time.
    [Fact]
    public void The_check_is_the_one_that_gzip_writes()
    {
        var bytes = new byte[5000];
        new Random(1).NextBytes(bytes);
        foreach (var count in Enumerable.Range(1, 300).Append(bytes.Length))
        {
            using var packed = new MemoryStream();
            using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            {
                gzip.Write(bytes, 0, count);
            }

            Assert.Equal(BitConverter.ToUInt32(packed.ToArray(), (int)packed.Length - 8), Crc32.Of(bytes, count));
        }
    }
}
