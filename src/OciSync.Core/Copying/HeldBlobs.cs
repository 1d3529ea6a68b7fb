using OciSync.Core.Copying.Blobs;
using OciSync.Core.Errors;
using OciSync.Core.Manifests;

namespace OciSync.Core.Copying;

/// <summary>Whether all destinations of an image have a blob already, before anything is brought there.</summary>
/// <param name="targets">The destinations.</param>
/// <param name="run">Learns what they have.</param>
internal sealed class HeldBlobs(IReadOnlyList<ImageTarget> targets, CopyRun run)
{
    /// <summary>Asks each destination; one that is verified is believed nothing, and one that can't be asked has nothing.</summary>
    internal async Task<bool> AllHaveAsync(Descriptor blob, CancellationToken cancellationToken)
    {
        if (targets.Any(t => t.Copy.IsVerifying))
        {
            return false;
        }

        var answers = await Task.WhenAll(targets.Select(t => HasAsync(t.Copy, blob, cancellationToken))).ConfigureAwait(false);
        return answers.All(a => a);
    }

    private async Task<bool> HasAsync(DestinationCopy copy, Descriptor blob, CancellationToken cancellationToken)
    {
        if (run.Ledger.Knows(copy.Client, blob.Digest))
        {
            return true;
        }

        try
        {
            if (!await copy.Client.CanReadBlobAsync(blob, copy.Work(cancellationToken)).ConfigureAwait(false))
            {
                return false;
            }

            run.Ledger.Learn(copy.Client, blob.Digest);
            return true;
        }
        catch (OciException e)
        {
            // The layer is packed; what is wrong with the destination is told when it is to take it.
            run.Events.Tell($"Whether '{copy.Reference}' has the blob {blob.Digest} can't be learned: {e.Message}");
            return false;
        }
    }
}
