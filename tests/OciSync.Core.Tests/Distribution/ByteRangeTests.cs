using OciSync.Core.Distribution;

namespace OciSync.Core.Tests.Distribution;

/// <summary>RFC 9110, 14.</summary>
public sealed class ByteRangeTests
{
    [Theory]
    [InlineData("bytes=0-", 0, 100)]
    [InlineData("bytes=10-19", 10, 10)]
    [InlineData("BYTES=10-19", 10, 10)]
    [InlineData("bytes=99-", 99, 1)]
    [InlineData("bytes=90-1000", 90, 10)]
    [InlineData("bytes=-30", 70, 30)]
    [InlineData("bytes=-1000", 0, 100)]
    [InlineData("bytes=0-99999999999999999999999", 0, 100)]
    public void A_part(string header, long first, long length) => Assert.Equal(new ByteRange(first, length), ByteRange.Read(header, 100));

    [Theory]
    [InlineData("bytes=100-")]
    [InlineData("bytes=100-200")]
    [InlineData("bytes=99999999999999999999999-")]
    [InlineData("bytes=-0")]
    public void What_is_not_there(string header) => Assert.True(ByteRange.Read(header, 100)!.IsEmpty);

    [Theory]
    [InlineData(null)]
    [InlineData("items=0-1")]
    [InlineData("bytes=")]
    [InlineData("bytes=-")]
    [InlineData("bytes=a-b")]
    [InlineData("bytes=5-1")]
    [InlineData("bytes=0-1,5-6")]
    [InlineData("bytes=0x10-")]
    public void What_has_no_meaning_is_not_heeded(string? header) => Assert.Null(ByteRange.Read(header, 100));
}
