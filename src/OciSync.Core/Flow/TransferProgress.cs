namespace OciSync.Core.Flow;

/// <summary>A step of one blob on its way to one destination.</summary>
public sealed class TransferProgress
{
    internal TransferProgress(string destination, string digest, long bytes, long totalBytes, bool ended)
    {
        Destination = destination;
        Digest = digest;
        Bytes = bytes;
        TotalBytes = totalBytes;
        Ended = ended;
    }

    /// <summary>The destination's reference.</summary>
    public string Destination { get; }

    /// <summary>The blob's digest.</summary>
    public string Digest { get; }

    /// <summary>Bytes sent so far in this attempt.</summary>
    public long Bytes { get; }

    /// <summary>The blob's size in bytes.</summary>
    public long TotalBytes { get; }

    /// <summary>The blob is done or was given up.</summary>
    public bool Ended { get; }
}
