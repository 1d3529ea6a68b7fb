using OciSync.Core.Images;

namespace OciSync.Core.Conversion;

/// <summary>A small blob that was made here.</summary>
internal sealed class MemoryContent(byte[] bytes, long offset) : IBlobContent
{
    private int _at = (int)offset;

    public bool IsFromOffset => true;

    public long? RangeStart => null;

    public long? RangeTotal => null;

    public long? ContentLength { get; } = bytes.Length - offset;

    public Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        var read = Math.Min(count, bytes.Length - _at);
        Buffer.BlockCopy(bytes, _at, buffer, offset, read);
        _at += read;
        return Task.FromResult(read);
    }

    public Task<byte[]> ReadAllAsync(int limit) => Task.FromResult(bytes);

    public void Dispose()
    {
    }
}
