using OciSync.Core.Manifests;
using OciSync.Core.Registry;

namespace OciSync.Core.Copying;

/// <summary>One read of a blob and the uploads it feeds.</summary>
internal sealed class BlobUpload(RegistryClient source, BlobLedger ledger, EngineOptions options, CancellationToken cancellationToken)
{
    /// <summary>Uploads to destinations whose claims on the blob the caller holds; each claim ends with its upload.</summary>
    /// <param name="blob">The blob.</param>
    /// <param name="destinations">They share one read of the source.</param>
    /// <param name="onEnd">Told when a destination is done: its failure, <see cref="Detached"/>, or null.</param>
    /// <returns>The same for each, in order.</returns>
    internal async Task<Exception?[]> RunAsync(
        Descriptor blob, IReadOnlyList<DestinationCopy> destinations, Action<DestinationCopy, Exception?>? onEnd)
    {
        var members = destinations.Select(d => new GroupMember(d, cancellationToken)).ToList();
        var ended = new HashSet<GroupMember>();
        void End(GroupMember member, Exception? failure)
        {
            lock (ended)
            {
                if (!ended.Add(member))
                {
                    return;
                }
            }

            ledger.Release(member.Destination.Client, blob.Digest);
            onEnd?.Invoke(member.Destination, failure);
        }

        try
        {
            using var permits = await TransferGate.EnterAsync(
                destinations.Select(d => d.Client.Connection.Gate).Concat([source.Connection.Gate]), cancellationToken).ConfigureAwait(false);
            using var group = new BlobGroup(source, blob, members, options.StallTimeout);
            foreach (var member in members)
            {
                member.Upload = UploadMemberAsync(blob, member, End);
            }

            await group.ReadAsync(cancellationToken).ConfigureAwait(false);
            var failures = await Task.WhenAll(members.Select(m => m.Upload)).ConfigureAwait(false);

            // Who was detached has waited until here, so that its own read doesn't slow down the others'.
            members.ForEach(m => End(m, Detached.Instance));
            return failures;
        }
        catch (Exception e)
        {
            members.ForEach(m => End(m, e));
            throw;
        }
        finally
        {
            members.ForEach(m => m.Dispose());
        }
    }

    private async Task<Exception?> UploadMemberAsync(Descriptor blob, GroupMember member, Action<GroupMember, Exception?> end)
    {
        var destination = member.Destination;
        var report = destination.ReportProgress(blob.Digest.ToString(), blob.Size);
        long sent = 0;
        void Count(int bytes)
        {
            Interlocked.Add(ref sent, bytes);
            report(bytes);
        }

        Exception? failure = null;
        try
        {
            await Task.Yield();
            await new BlobUploader(destination.Client).UploadAsync(blob, member.Feed, Count, destination.CountRetry, member.Token).ConfigureAwait(false);
            ledger.Learn(destination.Client, blob.Digest);
            destination.CountCopied(blob.Size);
            destination.Client.Connection.IsLagging = false;
        }
        catch (Exception e)
        {
            failure = member.IsDetached ? Detached.Instance : e;
        }
        finally
        {
            member.Feed.Close(isSent: failure is null && Interlocked.Read(ref sent) == blob.Size);
        }

        if (failure is not Detached)
        {
            end(member, failure);
        }

        return failure;
    }
}
