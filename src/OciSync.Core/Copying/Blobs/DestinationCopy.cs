using OciSync.Core.Flow;
using OciSync.Core.Images;
using OciSync.Core.References;

namespace OciSync.Core.Copying.Blobs;

/// <summary>One image on its way to one destination: what is counted and what has gone wrong. Safe for the transfers that share it.</summary>
internal sealed class DestinationCopy : IDisposable
{
    private const int ReportEvery = 1024 * 1024;

    private readonly object _lock = new();
    private readonly CancellationTokenSource _failed = new();
    private readonly RetryCounter _retries = new();
    private long _bytesCopied;
    private long _bytesMounted;
    private long _bytesSkipped;
    private int _sourceReads;
    private int _manifestsWritten;
    private int _elsewhere;

    internal DestinationCopy(ImageLocation reference, IImageDestination client, DestinationTags tags, bool verify, EngineEvents events)
    {
        Reference = reference;
        Tags = tags;
        Client = client;
        IsVerifying = verify;
        Events = events;
    }

    internal ImageLocation Reference { get; }

    internal IImageDestination Client { get; }

    /// <summary>Whether what holds the destination keeps up with the others.</summary>
    internal HostHealth Health => Client.Connection.Health;

    /// <summary>What is known of the other tags there.</summary>
    internal DestinationTags Tags { get; }

    internal EngineEvents Events { get; }

    /// <summary>Nothing is believed: blobs are read, not asked for.</summary>
    internal bool IsVerifying { get; private set; }

    /// <summary>Something of the image is known to be missing although its index is there.</summary>
    internal void VerifyParts() => IsVerifying = true;

    /// <summary>Set once; what is still to be done for this destination is left.</summary>
    internal Exception? Failure { get; private set; }

    /// <summary>Is cancelled when the copy to this destination has failed.</summary>
    internal CancellationToken Failed => _failed.Token;

    internal long BytesCopied => Interlocked.Read(ref _bytesCopied);

    internal long BytesMounted => Interlocked.Read(ref _bytesMounted);

    internal long BytesSkipped => Interlocked.Read(ref _bytesSkipped);

    internal int SourceReads => Volatile.Read(ref _sourceReads);

    internal int RetryCount => _retries.Count;

    internal int ManifestsWritten => Volatile.Read(ref _manifestsWritten);

    /// <summary>Something else for the same place, with counts and a failure of its own.</summary>
    internal DestinationCopy Beside() => new(Reference, Client, Tags, IsVerifying, Events) { Elsewhere = Elsewhere };

    /// <summary>Blobs that are left out, as the other side has them (see <see cref="Syncing.Baseline"/>).</summary>
    internal HashSet<Digest> Elsewhere { get; set; } = [];

    /// <summary>How many blobs were left out, as the other side has them.</summary>
    internal int BlobsElsewhere => Volatile.Read(ref _elsewhere);

    internal void CountElsewhere(long bytes)
    {
        Interlocked.Increment(ref _elsewhere);
        CountSkipped(bytes);
    }

    internal void CountCopied(long bytes) => Interlocked.Add(ref _bytesCopied, bytes);

    internal void CountMounted(long bytes) => Interlocked.Add(ref _bytesMounted, bytes);

    internal void CountSkipped(long bytes) => Interlocked.Add(ref _bytesSkipped, bytes);

    internal void CountSourceRead() => Interlocked.Increment(ref _sourceReads);

    internal void CountRetry() => _retries.CountRetry();

    /// <summary>Work for this destination, which counts its retries.</summary>
    internal WorkScope Work(CancellationToken token) => new(_retries, token);

    internal void CountManifest() => Interlocked.Increment(ref _manifestsWritten);

    internal void Fail(Exception failure)
    {
        lock (_lock)
        {
            if (Failure is not null)
            {
                return;
            }

            Failure = failure;
        }

        // What is still on its way there is of no use.
        _failed.Cancel();
    }

    public void Dispose() => _failed.Dispose();

    /// <summary>Tells the progress of one blob, at most once a MiB.</summary>
    internal Action<int> ReportProgress(string digest, long total)
    {
        long sent = 0;
        long told = 0;
        return count =>
        {
            sent += count;
            if (sent - told >= ReportEvery)
            {
                told = sent;
                Events.Report(new TransferProgress(Reference.ToString(), digest, sent, total, false));
            }
        };
    }

    internal void ReportEnd(string digest, long total) => Events.Report(new TransferProgress(Reference.ToString(), digest, total, total, true));
}
