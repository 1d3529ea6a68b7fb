namespace OciSync.Core.Images;

/// <summary>The bytes of a blob, from the place that was asked for.</summary>
internal interface IBlobContent : IDisposable
{
    /// <summary>False when the bytes begin with the blob's first, although a later place was asked for.</summary>
    bool IsFromOffset { get; }

    /// <summary>The first byte of the part that is sent, where the sender says it.</summary>
    long? RangeStart { get; }

    /// <summary>The size of the whole, where the sender of a part says it.</summary>
    long? RangeTotal { get; }

    /// <summary>How many bytes there are, where that is known.</summary>
    long? ContentLength { get; }

    /// <summary>Reads up to <paramref name="count"/> bytes; 0 at the end.</summary>
    Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken);

    /// <summary>Reads all of it. <exception cref="Errors.OciException">It is longer than <paramref name="limit"/> bytes, or ends early.</exception></summary>
    Task<byte[]> ReadAllAsync(int limit);
}
