using OciSync.Core.Errors;
using OciSync.Core.Manifests;
using OciSync.Core.Polyfills;
using OciSync.Core.Registry;

namespace OciSync.Core.Copying;

/// <summary>
/// Brings blobs to destinations: known there, mounted, found there, or uploaded. Destinations that lack a blob at the same time share one
/// read of the source; what fails transiently, or was detached, is served again by itself.
/// </summary>
internal sealed class BlobDelivery(RegistryClient source, BlobLedger ledger, EngineOptions options, CancellationToken cancellationToken)
{
    /// <summary>Starts to bring a blob to the destinations.</summary>
    /// <returns>
    /// Shared: ends when the shared read is over. Each: a task per destination; it never fails, a failure is at the destination.
    /// </returns>
    internal (Task Shared, IReadOnlyList<Task> Each) Deliver(Descriptor blob, IReadOnlyList<DestinationCopy> destinations)
    {
        var outcomes = destinations.ToDictionary(
            d => d, _ => new TaskCompletionSource<Exception?>(TaskCreationOptions.RunContinuationsAsynchronously));
        var shared = ShareAsync(blob, outcomes);
        return (shared, destinations.Select(d => FinishAsync(blob, d, outcomes[d].Task)).ToList());
    }

    /// <summary>Brings a blob to one destination although it is said to be there.</summary>
    internal async Task RepairAsync(Descriptor blob, DestinationCopy destination)
    {
        ledger.Forget(destination.Client, blob.Digest);
        if (await UploadAsync(blob, [destination]).ConfigureAwait(false) is [{ } failure])
        {
            throw failure;
        }
    }

    /// <summary>Whether the destination has the blob by now: known, mounted from a sibling, or found.</summary>
    internal async Task<bool> TrySettleAsync(Descriptor blob, DestinationCopy destination)
    {
        var client = destination.Client;
        if (ledger.Knows(client, blob.Digest))
        {
            destination.CountSkipped(blob.Size);
            return true;
        }

        if (destination.IsVerifying)
        {
            return await FindAsync(blob, destination).ConfigureAwait(false);
        }

        var sibling = ledger.FindSibling(client, blob.Digest) ?? (IsSameRegistry(client) ? source.Repository : null);
        if (sibling is not null && sibling != client.Repository
            && await new BlobUploader(client).TryMountAsync(blob.Digest, sibling, destination.CountRetry, cancellationToken).ConfigureAwait(false))
        {
            ledger.Learn(client, blob.Digest);
            destination.CountMounted(blob.Size);
            return true;
        }

        return await FindAsync(blob, destination).ConfigureAwait(false);
    }

    private bool IsSameRegistry(RegistryClient client) => ReferenceEquals(client.Connection, source.Connection);

    private async Task<bool> FindAsync(Descriptor blob, DestinationCopy destination)
    {
        var client = destination.Client;
        var found = destination.IsVerifying
            ? await client.CanReadBlobAsync(blob, destination.CountRetry, cancellationToken).ConfigureAwait(false)
            : await client.HasBlobAsync(blob.Digest, destination.CountRetry, cancellationToken).ConfigureAwait(false);
        if (found)
        {
            ledger.Learn(client, blob.Digest);
            destination.CountSkipped(blob.Size);
        }

        client.Connection.IsLagging = false;
        return found;
    }

    // The first try, together: who has the blob is done, who answers too late or waits for another's upload goes alone.
    private async Task ShareAsync(Descriptor blob, Dictionary<DestinationCopy, TaskCompletionSource<Exception?>> outcomes)
    {
        var probes = outcomes.Keys.Where(d => !d.Client.Connection.IsLagging).ToDictionary(d => d, d => ProbeAsync(blob, d, outcomes[d]));
        var patience = Task.Delay(TimeSpan.FromTicks(options.StallTimeout.Ticks / 4), cancellationToken);
        await Task.WhenAny(Task.WhenAll(probes.Values), patience).ConfigureAwait(false);
        patience.Observe();

        var claimed = probes
            .Where(p => p.Value.IsCompleted && p.Value.GetCompleted() is { } known && ledger.Claim(p.Key.Client, blob.Digest, known) is null)
            .Select(p => p.Key).ToList();
        foreach (var late in outcomes.Keys.Except(claimed))
        {
            outcomes[late].TrySetResult(ServeAlone.Instance);
        }

        if (claimed.Count > 0)
        {
            await UploadClaimedAsync(blob, claimed, (d, failure) => outcomes[d].TrySetResult(failure)).ConfigureAwait(false);
        }
    }

    // For a destination that lacks the blob and should take part in the shared read: how many repositories were known to have it before.
    private async Task<int?> ProbeAsync(Descriptor blob, DestinationCopy destination, TaskCompletionSource<Exception?> outcome)
    {
        try
        {
            var known = ledger.CountKnown(destination.Client, blob.Digest);
            if (destination.Failure is null && !await TrySettleAsync(blob, destination).ConfigureAwait(false))
            {
                return known;
            }

            outcome.TrySetResult(null);
        }
        catch (Exception e)
        {
            // Whatever it is, it is this destination's outcome: nobody may wait for one that never comes.
            outcome.TrySetResult(e);
        }

        return null;
    }

    private async Task FinishAsync(Descriptor blob, DestinationCopy destination, Task<Exception?> first)
    {
        try
        {
            var failure = await first.ConfigureAwait(false);
            if (failure is OciException { IsTransient: true } or ServeAlone)
            {
                if (failure is OciException)
                {
                    destination.CountRetry();
                }

                await destination.Client.Connection.Retry.RunAsync(_ => ServeAloneAsync(blob, destination), destination.CountRetry, cancellationToken)
                    .ConfigureAwait(false);
            }
            else if (failure is not null)
            {
                destination.Fail(failure);
            }
        }
        catch (Exception e)
        {
            destination.Fail(e);
        }
        finally
        {
            destination.ReportEnd(blob.Digest.ToString(), blob.Size);
        }
    }

    private async Task<bool> ServeAloneAsync(Descriptor blob, DestinationCopy destination)
    {
        while (destination.Failure is null)
        {
            var known = ledger.CountKnown(destination.Client, blob.Digest);
            if (await TrySettleAsync(blob, destination).ConfigureAwait(false))
            {
                return true;
            }

            if (ledger.Claim(destination.Client, blob.Digest, known) is { } other)
            {
                await WaitAsync(other).ConfigureAwait(false);
                continue;
            }

            if (await UploadClaimedAsync(blob, [destination], null).ConfigureAwait(false) is [{ } failure])
            {
                throw failure is ServeAlone ? new OciException(OciErrorKind.Timeout, "The upload was detached.") { IsTransient = true } : failure;
            }

            return true;
        }

        return true;
    }

    private async Task WaitAsync(Task other)
    {
        var done = other.ContinueWith(_ => true, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        await done.JoinAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task<Exception?[]> UploadAsync(Descriptor blob, IReadOnlyList<DestinationCopy> destinations)
    {
        while (ledger.Claim(destinations[0].Client, blob.Digest, int.MaxValue) is { } other)
        {
            await WaitAsync(other).ConfigureAwait(false);
        }

        return await UploadClaimedAsync(blob, destinations, null).ConfigureAwait(false);
    }

    private async Task<Exception?[]> UploadClaimedAsync(
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
            members.ForEach(m => End(m, ServeAlone.Instance));
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
        Exception? failure = null;
        try
        {
            await Task.Yield();
            await new BlobUploader(destination.Client).UploadAsync(
                blob, member.Feed, destination.ReportProgress(blob.Digest.ToString(), blob.Size), destination.CountRetry, member.Token).ConfigureAwait(false);
            ledger.Learn(destination.Client, blob.Digest);
            destination.CountCopied(blob.Size);
            destination.Client.Connection.IsLagging = false;
        }
        catch (Exception e)
        {
            failure = member.IsDetached ? ServeAlone.Instance : e;
        }
        finally
        {
            member.Feed.Close();
        }

        if (failure is not ServeAlone)
        {
            end(member, failure);
        }

        return failure;
    }

    /// <summary>Not a failure: this destination is to be served by a read of its own.</summary>
    private sealed class ServeAlone : Exception
    {
        internal static readonly ServeAlone Instance = new();
    }
}
