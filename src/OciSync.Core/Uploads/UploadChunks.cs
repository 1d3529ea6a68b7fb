using OciSync.Core.Flow;

namespace OciSync.Core.Uploads;

/// <summary>How much a registry takes in one PATCH, as far as it is known: from its own words, and from what it refuses.</summary>
internal sealed class UploadChunks(EngineOptions options)
{
    private const long Least = 64 * 1024;

    // A registry that asks for more can't be served in chunks.
    private const long MostAsked = 1024L * 1024 * 1024;

    private long _most = long.MaxValue;
    private long _least;

    /// <summary>It takes a blob in one PATCH alone.</summary>
    internal bool IsSingle { get; set; }

    /// <summary>It takes no PATCH.</summary>
    internal bool IsRefused { get; set; }

    /// <summary>The size of the next chunk.</summary>
    /// <param name="isLarge">The blob is one that is to be resumed.</param>
    internal long SizeFor(bool isLarge)
    {
        var wanted = isLarge ? options.ResumeChunkSize : options.ChunkSize;
        return Math.Max(Math.Min(wanted, Interlocked.Read(ref _most)), Interlocked.Read(ref _least));
    }

    /// <summary>What <c>OCI-Chunk-Min-Length</c> says.</summary>
    internal void Learn(string? minimum)
    {
        if (long.TryParse(
            minimum, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var least) && least <= MostAsked)
        {
            Interlocked.Exchange(ref _least, least);
        }
    }

    /// <summary>A chunk of this size was too large; false when it can't be smaller.</summary>
    internal bool TryShrink(long size)
    {
        if (size / 2 < Math.Max(Least, Interlocked.Read(ref _least)))
        {
            return false;
        }

        Interlocked.Exchange(ref _most, Math.Min(Interlocked.Read(ref _most), size / 2));
        return true;
    }
}
