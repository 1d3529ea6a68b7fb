namespace OciSync.Core.DockerEngine;

/// <summary>How a Docker engine keeps images, as it says itself.</summary>
/// <param name="KeepsDigests">
/// It has containerd's store and API 1.48 or later: images are kept as they were pushed, whole, under their own digests, and it tells what it has of them.
/// Others unpack one platform.
/// </param>
internal sealed record DaemonStore(bool KeepsDigests)
{
    /// <summary>What runs on the engine's machine; null where that isn't asked for.</summary>
    internal References.Platform? Platform { get; init; }

    /// <summary>The first API that tells of an image's manifests, and saves one platform.</summary>
    internal static readonly Version FirstApi = new(1, 48);

    /// <summary>What <c>GET /info</c> says of containerd's store: a pair in <c>DriverStatus</c>.</summary>
    internal const string DriverKey = "driver-type";

    internal const string Containerd = "io.containerd.snapshotter.v1";
}
