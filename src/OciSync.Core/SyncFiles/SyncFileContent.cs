using OciSync.Core.AuthFiles;
using OciSync.Core.Requests;

namespace OciSync.Core.SyncFiles;

/// <summary>What a reader found.</summary>
internal sealed class SyncFileContent
{
    internal List<OciSyncEntry> Entries { get; } = [];

    internal List<SyncDestination> Destinations { get; } = [];

    internal List<SyncRegistry> Registries { get; } = [];

    /// <summary>The login for destinations without one of their own, or null.</summary>
    internal RegistryCredential? DestinationLogin { get; set; }
}
