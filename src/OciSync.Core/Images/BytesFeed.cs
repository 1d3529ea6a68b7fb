namespace OciSync.Core.Images;

/// <summary>A blob that was made here, on its way to one upload.</summary>
internal sealed class BytesFeed(byte[] bytes) : IBlobFeed
{
    private int _next;

    public Task<ArraySegment<byte>> ReadAsync(int max, CancellationToken cancellationToken)
    {
        var part = new ArraySegment<byte>(bytes, _next, Math.Min(max, bytes.Length - _next));
        _next += part.Count;
        return Task.FromResult(part);
    }

    public Task<bool> WaitAsync(CancellationToken cancellationToken) => Task.FromResult(_next < bytes.Length);
}
