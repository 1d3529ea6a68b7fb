using OciSync.Core.Flow;

namespace OciSync.Core.Images;

/// <summary>Where images live, as the copying engine sees it: a registry, or a folder.</summary>
internal interface IImageHost
{
    /// <summary>Its name, the same for the whole run.</summary>
    string Host { get; }

    EngineOptions Options { get; }

    EngineEvents Events { get; }

    /// <summary>Cancelled when the run ends.</summary>
    CancellationToken Lifetime { get; }

    RetryPolicy Retry { get; }

    /// <summary>The pace at which blobs are read, or null for any.</summary>
    BandwidthPace? Downloads { get; }

    /// <summary>Limits the blob transfers with it.</summary>
    TransferGate Gate { get; }

    /// <summary>What of the gate destinations may take that lag behind.</summary>
    TransferGate LaggardGate { get; }

    /// <summary>Whether a question takes so long that it is worth to read or send ahead of its answer.</summary>
    bool IsFar { get; }

    /// <summary>So many blobs will be asked for soon: where that is a long way, connections for them are opened meanwhile, if none were before.</summary>
    void OpenAhead(int blobs);

    /// <summary>Whether it keeps up with the others of the run.</summary>
    HostHealth Health { get; }
}
