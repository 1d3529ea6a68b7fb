namespace OciSync.Core.Images;

/// <summary>The bytes of one blob on their way to one upload, in order and once.</summary>
internal interface IBlobFeed
{
    /// <summary>The next bytes, at most <paramref name="max"/>; empty at the end. They are valid until the next call.</summary>
    Task<ArraySegment<byte>> ReadAsync(int max, CancellationToken cancellationToken);

    /// <summary>Waits until there are bytes to be read; false at the end.</summary>
    Task<bool> WaitAsync(CancellationToken cancellationToken);
}
