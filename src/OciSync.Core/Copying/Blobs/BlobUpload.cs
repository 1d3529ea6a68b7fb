using OciSync.Core.Flow;
using OciSync.Core.Images;
using OciSync.Core.Manifests;

namespace OciSync.Core.Copying.Blobs;

/// <summary>
/// One read of a blob and the uploads it feeds. Each member gives back its permits and tells its outcome as it ends; who is still at it
/// long after the read keeps nobody waiting.
/// </summary>
internal sealed class BlobUpload(IImageSource source, BlobLedger ledger, EngineOptions options, CancellationToken cancellationToken)
{
    /// <summary>Uploads to destinations whose claims on the blob the caller holds; each claim ends with its upload.</summary>
    /// <param name="blob">The blob.</param>
    /// <param name="destinations">They share one read of the source.</param>
    /// <param name="onEnd">Told when a destination is done: its failure, <see cref="Detached"/>, or null.</param>
    /// <returns>
    /// Prompt: ends when the read is over and every member is done or lags behind. All: the outcome of each, in order; it fails only when
    /// nothing could be begun.
    /// </returns>
    internal (Task Prompt, Task<Exception?[]> All) Start(
        Descriptor blob, IReadOnlyList<DestinationCopy> destinations, Action<DestinationCopy, Exception?>? onEnd)
    {
        var prompt = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        var all = RunAsync(blob, destinations, onEnd, prompt);
        return (Task.WhenAny(prompt.Task, all), all);
    }

    private async Task<Exception?[]> RunAsync(
        Descriptor blob, IReadOnlyList<DestinationCopy> destinations, Action<DestinationCopy, Exception?>? onEnd, TaskCompletionSource<bool> prompt)
    {
        var members = destinations.Select(d => new GroupMember(d, cancellationToken)).ToList();
        var end = EndOnce(blob, onEnd);
        try
        {
            using var permits = await EnterAsync(destinations, members[0].Token).ConfigureAwait(false);
            using var group = new BlobGroup(source, blob, members, options);
            members.ForEach(m => Begin(blob, m, permits, end));
            await group.ReadAsync(cancellationToken).ConfigureAwait(false);
            LeaveSource(members, permits);

            // Who was detached has waited until here, so that its own read doesn't slow down the others'.
            members.Where(m => m.IsDetached).ToList().ForEach(m => end(m, Detached.Instance));
            var uploads = Task.WhenAll(members.Select(m => m.Upload));
            await group.WaitForPromptAsync(uploads, cancellationToken).ConfigureAwait(false);
            prompt.TrySetResult(true);
            var failures = await uploads.ConfigureAwait(false);
            members.ForEach(m => end(m, Detached.Instance));
            return failures;
        }
        catch (Exception e)
        {
            members.ForEach(m => end(m, e));
            throw;
        }
        finally
        {
            members.ForEach(m => m.Dispose());
        }
    }

    // The first end of a member counts: its claim on the blob is given back, and its outcome told.
    private Action<GroupMember, Exception?> EndOnce(Descriptor blob, Action<DestinationCopy, Exception?>? onEnd)
    {
        var ended = new HashSet<GroupMember>();
        return (member, failure) =>
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
        };
    }

    private void Begin(Descriptor blob, GroupMember member, TransferPermits permits, Action<GroupMember, Exception?> end)
    {
        if (permits.Has(member.Destination.Client.Connection.Gate))
        {
            member.Upload = UploadMemberAsync(blob, member, permits, end);
            return;
        }

        // All its permits are taken, for long: uploads there hang.
        member.Destination.Health.ReportLag();
        member.Detach();
        end(member, Detached.Instance);
    }

    private void LeaveSource(List<GroupMember> members, TransferPermits permits)
    {
        permits.Leave(source.Connection.LaggardGate);
        if (members.TrueForAll(m => m.Destination.Client.Connection != source.Connection))
        {
            permits.Leave(source.Connection.Gate);
        }
    }

    private Task<TransferPermits> EnterAsync(IReadOnlyList<DestinationCopy> destinations, CancellationToken first)
    {
        var connections = destinations.Select(d => d.Client.Connection).ToList();
        var gates = connections.Select(c => c.Gate).Append(source.Connection.Gate);
        if (connections.TrueForAll(c => c.Health.IsLagging))
        {
            gates = gates.Append(source.Connection.LaggardGate);
        }

        // Alone, or in the registry it comes from, there is nobody to be spared.
        var optional = destinations.Count > 1 ? connections.Select(c => c.Gate).Where(g => g != source.Connection.Gate).ToList() : [];
        return TransferGate.EnterAsync(
            gates, g => !optional.Contains(g), BlobGroup.ShortestPatience, options.Time, destinations.Count == 1 ? first : cancellationToken);
    }

    private async Task<Exception?> UploadMemberAsync(
        Descriptor blob, GroupMember member, TransferPermits permits, Action<GroupMember, Exception?> end)
    {
        Exception? failure = null;
        var isSent = false;
        try
        {
            await Task.Yield();
            isSent = await SendAsync(blob, member).ConfigureAwait(false) == blob.Size;
        }
        catch (Exception e)
        {
            failure = member.IsDetached ? Detached.Instance : e;
        }
        finally
        {
            member.Feed.Close(isSent);
            if (member.Destination.Client.Connection != source.Connection)
            {
                permits.Leave(member.Destination.Client.Connection.Gate);
            }
        }

        if (failure is not Detached)
        {
            end(member, failure);
        }

        return failure;
    }

    // How many bytes went there: fewer than the blob has when an earlier upload was gone on with.
    private async Task<long> SendAsync(Descriptor blob, GroupMember member)
    {
        var destination = member.Destination;
        var report = destination.ReportProgress(blob.Digest.ToString(), blob.Size);
        long sent = 0;
        await destination.Client.UploadAsync(blob, member.Feed, Count, destination.Work(member.Token)).ConfigureAwait(false);

        // Who waits for the blob goes on as soon as the ledger knows it, and asks then whether it is proven.
        ledger.Proofs.Add(destination.Client, blob.Digest);
        ledger.Learn(destination.Client, blob.Digest);
        var total = Interlocked.Read(ref sent);
        destination.CountCopied(total);
        destination.CountSkipped(blob.Size - total);
        destination.Health.ReportProgress();
        return total;

        void Count(int bytes)
        {
            Interlocked.Add(ref sent, bytes);
            report(bytes);
        }
    }
}
