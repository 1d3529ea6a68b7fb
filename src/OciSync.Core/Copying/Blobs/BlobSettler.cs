using OciSync.Core.Images;
using OciSync.Core.Manifests;

namespace OciSync.Core.Copying.Blobs;

/// <summary>Spares uploads: a blob that is known at a destination, can be mounted from a sibling repository, or is found there.</summary>
internal sealed class BlobSettler(IImageSource source, BlobLedger ledger, CancellationToken cancellationToken)
{
    // A broken run may have left blobs in a repository without tags; to ask for one costs about as much as to send so many bytes.
    private const int SentUnasked = 128 * 1024;

    /// <summary>Whether the destination has the blob by now: known, mounted from a sibling, or found.</summary>
    internal async Task<bool> TrySettleAsync(Descriptor blob, DestinationCopy destination)
    {
        var client = destination.Client;
        if (destination.Elsewhere.Contains(blob.Digest))
        {
            destination.CountElsewhere(blob.Size);
            return true;
        }

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
            && await client.TryMountAsync(blob.Digest, sibling, destination.Work(cancellationToken)).ConfigureAwait(false))
        {
            ledger.Learn(client, blob.Digest);
            destination.CountMounted(blob.Size);
            return true;
        }

        return await FindAsync(blob, destination).ConfigureAwait(false);
    }

    /// <summary>Whether a blob that isn't known at a destination is sent without a question: a small one, to a repository without tags.</summary>
    internal static async Task<bool> IsSentUnaskedAsync(Descriptor blob, DestinationCopy destination, CancellationToken cancellationToken) =>
        blob.Size <= SentUnasked && await destination.Tags.IsNewAsync(cancellationToken).ConfigureAwait(false);

    private bool IsSameRegistry(IImageDestination client) => ReferenceEquals(client.Connection, source.Connection);

    private async Task<bool> FindAsync(Descriptor blob, DestinationCopy destination)
    {
        var client = destination.Client;
        if (!destination.IsVerifying && await IsSentUnaskedAsync(blob, destination, cancellationToken).ConfigureAwait(false))
        {
            return false;
        }

        var found = destination.IsVerifying
            ? await client.CanReadBlobAsync(blob, destination.Work(cancellationToken)).ConfigureAwait(false)
            : await client.HasBlobAsync(blob, destination.Work(cancellationToken)).ConfigureAwait(false);
        if (found)
        {
            ledger.Learn(client, blob.Digest);
            destination.CountSkipped(blob.Size);
        }

        return found;
    }
}
