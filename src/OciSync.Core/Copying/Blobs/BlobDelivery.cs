using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Images;
using OciSync.Core.Manifests;
using OciSync.Core.Polyfills;

namespace OciSync.Core.Copying.Blobs;

/// <summary>
/// Brings blobs to destinations: known there, mounted, found there, or uploaded. Destinations that lack a blob at the same time share one
/// read of the source; what fails transiently, or was detached, is served again by itself.
/// </summary>
internal sealed class BlobDelivery(IImageSource source, BlobLedger ledger, EngineOptions options, CancellationToken cancellationToken)
{
    private readonly BlobSettler _settler = new(source, ledger, cancellationToken);
    private readonly BlobUpload _upload = new(source, ledger, options, cancellationToken);

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
        await destination.Client.Connection.Retry.RunAsync(
            async _ => await UploadAsync(blob, [destination]).ConfigureAwait(false) is [{ } failure] ? throw failure : true,
            destination.Work(cancellationToken)).ConfigureAwait(false);
    }

    // The first try, together: who has the blob is done, who answers too late or waits for another's upload goes alone.
    private async Task ShareAsync(Descriptor blob, Dictionary<DestinationCopy, TaskCompletionSource<Exception?>> outcomes)
    {
        var probes = outcomes.Keys.Where(d => !d.Health.IsLagging).ToDictionary(d => d, d => ProbeAsync(blob, d, outcomes[d]));
        var patience = TimeSpan.FromTicks(options.StallTimeout.Ticks / 4);
        await Task.WhenAll(probes.Values).EndOrAsync(patience, options.Time, cancellationToken).ConfigureAwait(false);
        var claimed = probes
            .Where(p => p.Value.IsCompleted && p.Value.GetCompleted() is { } known && ledger.Claim(p.Key.Client, blob.Digest, known) is null)
            .Select(p => p.Key).ToList();
        foreach (var late in outcomes.Keys.Except(claimed))
        {
            if (probes.TryGetValue(late, out var probe) && !probe.IsCompleted)
            {
                if (claimed.Count > 0)
                {
                    late.Health.ReportLag();
                }
                else
                {
                    late.Health.ReportProgress();
                }

                DetachAfter(probe, outcomes[late]);
            }
            else
            {
                outcomes[late].TrySetResult(Detached.Instance);
            }
        }

        if (claimed.Count > 0)
        {
            var (prompt, all) = _upload.Start(blob, claimed, (d, failure) => outcomes[d].TrySetResult(failure));
            all.Observe();
            await prompt.ConfigureAwait(false);
        }
    }

    // A question that is still open is not asked a second time.
    private static void DetachAfter(Task probe, TaskCompletionSource<Exception?> outcome) =>
        probe.ContinueWith(
            _ => outcome.TrySetResult(Detached.Instance), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    // For a destination that lacks the blob and should take part in the shared read: how many repositories were known to have it before.
    private async Task<int?> ProbeAsync(Descriptor blob, DestinationCopy destination, TaskCompletionSource<Exception?> outcome)
    {
        try
        {
            var known = ledger.CountKnown(destination.Client, blob.Digest);
            if (destination.Failure is null && !await _settler.TrySettleAsync(blob, destination).ConfigureAwait(false))
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
            var retry = destination.Client.Connection.Retry;
            if (failure is OciException { IsTransient: true } passing)
            {
                // Its attempt was the first: what follows is waited for as for any other request, and as the registry asks.
                await retry.RunFurtherAsync(passing, _ => ServeAloneAsync(blob, destination), destination.Work(cancellationToken)).ConfigureAwait(false);
            }
            else if (failure is Detached || IsWorthAnotherRead(failure))
            {
                if (failure is OciException spoiled)
                {
                    destination.Events.Tell($"Trying again: {spoiled.Message}");
                    destination.CountRetry();
                }

                await retry.RunAsync(_ => ServeAloneAsync(blob, destination), destination.Work(cancellationToken)).ConfigureAwait(false);
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

    // Bytes that were spoiled on their way are sent once more; what is wrong where it lies stays wrong.
    private bool IsWorthAnotherRead(Exception? failure) => failure is OciException { Kind: OciErrorKind.DigestMismatch } && options.MaximumRetryCount > 0;

    private async Task<bool> ServeAloneAsync(Descriptor blob, DestinationCopy destination)
    {
        while (destination.Failure is null)
        {
            var known = ledger.CountKnown(destination.Client, blob.Digest);
            if (await _settler.TrySettleAsync(blob, destination).ConfigureAwait(false))
            {
                return true;
            }

            if (ledger.Claim(destination.Client, blob.Digest, known) is { } other)
            {
                await WaitAsync(other).ConfigureAwait(false);
                continue;
            }

            if (await _upload.Start(blob, [destination], null).All.ConfigureAwait(false) is [{ } failure])
            {
                throw failure is Detached ? new OciException(OciErrorKind.Timeout, "The upload was detached.") { IsTransient = true } : failure;
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

        return await _upload.Start(blob, destinations, null).All.ConfigureAwait(false);
    }
}
