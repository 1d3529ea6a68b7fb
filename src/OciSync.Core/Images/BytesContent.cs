namespace OciSync.Core.Images;

/// <summary>A blob that was made here.</summary>
internal sealed class BytesContent(byte[] bytes, long offset) : IBlobContent
{
    private int _next = (int)offset;

    public bool IsFromOffset => true;

    public long? RangeStart => null;

    public long? RangeTotal => null;

    public long? ContentLength { get; } = bytes.Length - offset;

    public Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        var copied = Math.Min(count, bytes.Length - _next);
        Array.Copy(bytes, _next, buffer, offset, copied);
        _next += copied;
        return Task.FromResult(copied);
    }

    public Task<byte[]> ReadAllAsync(int limit) => Task.FromResult(bytes);

    public void Dispose()
    {
    }
}
