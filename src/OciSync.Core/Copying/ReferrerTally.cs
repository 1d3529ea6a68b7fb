using OciSync.Core.Copying.Blobs;

namespace OciSync.Core.Copying;

/// <summary>What the referrers of one row have cost. Safe for the referrers that are on their way at the same time.</summary>
internal sealed class ReferrerTally
{
    private readonly object _lock = new();

    /// <summary>Referrers that were brought, or would be.</summary>
    internal int Count { get; private set; }

    /// <summary>How many are to be brought, once that is known.</summary>
    internal int Expected { get; set; }

    internal long BytesCopied { get; private set; }

    internal long BytesMounted { get; private set; }

    internal long BytesSkipped { get; private set; }

    internal int SourceReads { get; private set; }

    internal int RetryCount { get; private set; }

    internal void Add(int count)
    {
        lock (_lock)
        {
            Count += count;
        }
    }

    internal void Add(DestinationCopy copy)
    {
        lock (_lock)
        {
            BytesCopied += copy.BytesCopied;
            BytesMounted += copy.BytesMounted;
            BytesSkipped += copy.BytesSkipped;
            SourceReads += copy.SourceReads;
            RetryCount += copy.RetryCount;
        }
    }
}
