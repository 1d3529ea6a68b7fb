using OciSync.Core.Archives;
using OciSync.Core.Folders;
using OciSync.Core.Tar;

namespace OciSync.Core.DockerEngine;

/// <summary>A Docker engine that images are loaded into: an archive in the temp folder, all images of a run at once.</summary>
internal sealed class DaemonDestination(string displayName, FolderHost host) : DockerArchiveWriter(displayName, "the Docker engine", host)
{
    public override string? ChangeReason => "Docker keeps layers unpacked";

    private protected override void CheckPlace()
    {
    }

    private protected override string CreateTemporary() => ArchiveTemp.Create(Connection.Options);

    private protected override async Task PublishAsync(string temporary, CancellationToken cancellationToken)
    {
        using var client = DaemonClient.Create(Connection.Options);
        if (await client.LoadAsync(temporary, cancellationToken).ConfigureAwait(false) is [var fault, ..])
        {
            throw client.Refused(fault);
        }
    }
}
