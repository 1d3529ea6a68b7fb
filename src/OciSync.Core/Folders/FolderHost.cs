using OciSync.Core.Flow;
using OciSync.Core.Images;

namespace OciSync.Core.Folders;

/// <summary>A folder of images in a run: how many files are read or written at a time, who is told.</summary>
internal sealed class FolderHost : IImageHost, IDisposable
{
    private const int MostLaggards = 2;

    internal FolderHost(string name, EngineOptions options, EngineEvents events, CancellationToken lifetime)
    {
        Host = name;
        Options = options;
        Events = events;
        Lifetime = lifetime;
        Retry = new RetryPolicy(options, events.Tell);
        LaggardGate = new TransferGate("0 " + name, MostLaggards);
        Gate = new TransferGate("1 " + name, options.MaxConnectionsPerRegistry);
    }

    public string Host { get; }

    public EngineOptions Options { get; }

    public EngineEvents Events { get; }

    public CancellationToken Lifetime { get; }

    public RetryPolicy Retry { get; }

    /// <summary>Always null: the bandwidth limit holds for networks, and not for disks.</summary>
    public BandwidthPace? Downloads => null;

    public TransferGate Gate { get; }

    public TransferGate LaggardGate { get; }

    public HostHealth Health { get; } = new();

    /// <summary>Never: nothing is asked over a network.</summary>
    public bool IsFar => false;

    /// <summary>Nothing is opened ahead.</summary>
    public void OpenAhead(int blobs)
    {
    }

    public void Dispose()
    {
        LaggardGate.Dispose();
        Gate.Dispose();
    }
}
