using OciSync.Core.Flow;

namespace OciSync.Core.Uploads;

/// <summary>How much a registry takes in one PATCH, as far as it is known: from its own words, and from what it refuses.</summary>
internal sealed class UploadChunks(EngineOptions options)
{
    private const long Least = 64 * 1024;

    // A registry that asks for more can't be served in chunks.
    private const long MostAsked = 1024L * 1024 * 1024;

    private long _most = long.MaxValue;
    private long _taken;
    private long _least;

    /// <summary>It takes a blob in one PATCH alone.</summary>
    internal bool IsSingle { get; set; }

    /// <summary>Whether the registry has refused uploads in chunks (PATCH); then blobs are sent in one request.</summary>
    internal bool IsRefused { get; set; }

    // A chunk is begun with a question and ends with an answer: with so many round trips of bytes between them, the two cost two hundredths.
    private const int WorthwhileTrips = 100;

    /// <summary>The size of the next chunk.</summary>
    /// <param name="isLarge">The blob is one that is to be resumed.</param>
    /// <param name="perSecond">How many bytes a second the last chunk went with; 0 where that is not known.</param>
    /// <param name="roundTrip">How long an answer takes where that is long; else 0.</param>
    internal long SizeFor(bool isLarge, double perSecond = 0, TimeSpan roundTrip = default)
    {
        var wanted = Math.Max(isLarge ? options.ResumeChunkSize : options.ChunkSize, (long)(perSecond * roundTrip.TotalSeconds * WorthwhileTrips));
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

    /// <summary>A chunk of this size was taken.</summary>
    internal void Took(long size)
    {
        if (size > Interlocked.Read(ref _taken))
        {
            Interlocked.Exchange(ref _taken, size);
        }
    }

    /// <summary>A chunk of this size was too large; false when it can't be smaller.</summary>
    internal bool TryShrink(long size)
    {
        // What was taken before is certain to be taken, and spares the attempts between.
        var taken = Interlocked.Read(ref _taken);
        var smaller = taken > 0 && taken < size / 2 ? taken : size / 2;
        if (smaller < Math.Max(Least, Interlocked.Read(ref _least)))
        {
            return false;
        }

        Interlocked.Exchange(ref _most, Math.Min(Interlocked.Read(ref _most), smaller));
        return true;
    }
}
