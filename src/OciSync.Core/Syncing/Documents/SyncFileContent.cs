namespace OciSync.Core.Syncing.Documents;

/// <summary>What a reader found.</summary>
internal sealed class SyncFileContent
{
    internal List<OciSyncEntry> Entries { get; } = [];

    internal List<SyncDestination> Destinations { get; } = [];

    internal List<SyncRegistry> Registries { get; } = [];
}
