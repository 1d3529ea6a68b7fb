namespace OciSync.Core.Copying.Blobs;

/// <summary>One of the destinations that get a blob from the same read of the source.</summary>
internal sealed class GroupMember : IDisposable
{
    private readonly CancellationTokenSource _cancel;

    internal GroupMember(DestinationCopy destination, CancellationToken cancellationToken)
    {
        Destination = destination;
        _cancel = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, destination.Failed);
    }

    internal DestinationCopy Destination { get; }

    internal BlobFeed Feed { get; } = new();

    internal CancellationToken Token => _cancel.Token;

    /// <summary>True when this destination held the others up and was left to be served by itself.</summary>
    internal bool IsDetached { get; private set; }

    /// <summary>The whole of this member's upload; it never fails, its outcome is the exception or null.</summary>
    internal Task<Exception?> Upload { get; set; } = Task.FromResult<Exception?>(null);

    internal bool IsActive => !IsDetached && !Upload.IsCompleted;

    internal void Detach()
    {
        IsDetached = true;
        _cancel.Cancel();
        Feed.Close();
    }

    public void Dispose() => _cancel.Dispose();
}
