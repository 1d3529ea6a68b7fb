using OciSync.Core.Archives;
using OciSync.Core.Conversion;
using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Images;
using OciSync.Core.Manifests;
using OciSync.Core.References;
using OciSync.Core.Registry;

namespace OciSync.Core.Checking;

/// <summary>What is known of blobs, each looked at once, however many images share it.</summary>
internal sealed class BlobChecks(bool full, CancellationToken lifetime)
{
    private readonly SingleFlight<(string Key, Digest Digest, long Size), OciException?> _known = new(lifetime);

    internal bool IsFull => full;

    /// <summary>What is wrong with a blob; null when it is there and right.</summary>
    internal Task<OciException?> FindFaultAsync(IImageSource source, Descriptor blob, CancellationToken cancellationToken) =>
        _known.RunAsync((source.Key, blob.Digest, blob.Size), token => CheckAsync(source, blob, token), cancellationToken);

    /// <summary>Whether a failure says something of the image, and not of the way to it.</summary>
    internal static bool IsFault(OciException e) => e.Kind is OciErrorKind.ManifestUnknown or OciErrorKind.BlobUnknown or OciErrorKind.DigestMismatch
        or OciErrorKind.ManifestInvalid or OciErrorKind.LayoutInvalid or OciErrorKind.ArchiveInvalid or OciErrorKind.LayerInvalid
        or OciErrorKind.StorageFailed or OciErrorKind.ServerError;

    private async Task<OciException?> CheckAsync(IImageSource source, Descriptor blob, CancellationToken cancellationToken)
    {
        try
        {
            if (source is RegistryClient registry && !full)
            {
                return await AskAsync(registry, blob, cancellationToken).ConfigureAwait(false);
            }

            // An empty blob is never opened.
            if (blob.Size == 0
                && source is IImageDestination store
                && !await store.HasBlobAsync(blob, WorkScope.Uncounted(cancellationToken)).ConfigureAwait(false))
            {
                return new OciException(OciErrorKind.BlobUnknown, $"{source.NameBlob(blob.Digest)} is missing.");
            }

            if (source is DockerArchive archive && archive.FindDiffId(blob.Digest) is { } diffId)
            {
                return await UnpackAsync(source, blob, diffId, cancellationToken).ConfigureAwait(false);
            }

            await ReadAsync(source, blob, cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (OciException e) when (IsFault(e))
        {
            return e;
        }
        catch (OciException e) when (e.Kind == OciErrorKind.ConnectionFailed && source is RegistryClient registry)
        {
            // A registry that has lost a blob's bytes may promise them from memory and then break off. One that can't be reached says nothing.
            await registry.FindBlobSizeAsync(blob.Digest, WorkScope.Uncounted(cancellationToken)).ConfigureAwait(false);
            return e.With(
                OciErrorKind.BlobUnknown, $"{registry.NameBlob(blob.Digest)} can't be read although the registry says that it is there: {e.Message}", e);
        }
    }

    private static async Task<OciException?> AskAsync(RegistryClient registry, Descriptor blob, CancellationToken cancellationToken) =>
        await registry.FindBlobSizeAsync(blob.Digest, WorkScope.Uncounted(cancellationToken)).ConfigureAwait(false) switch
        {
            null => new OciException(OciErrorKind.BlobUnknown, $"{registry.NameBlob(blob.Digest)} is missing."),
            >= 0 and var size when size != blob.Size => new OciException(
                OciErrorKind.DigestMismatch, $"{registry.NameBlob(blob.Digest)} has {size} bytes where its manifest says {blob.Size}."),
            _ => null,
        };

    private static async Task<OciException?> UnpackAsync(IImageSource source, Descriptor layer, Digest diffId, CancellationToken cancellationToken)
    {
        var (_, found) = await LayerCodec.ReadAsync(source, layer, null, WorkScope.Uncounted(cancellationToken)).ConfigureAwait(false);
        return found == diffId ? null : new OciException(
            OciErrorKind.DigestMismatch, $"{source.NameBlob(layer.Digest)} holds other bytes than the config says: {found} unpacked, not {diffId}.");
    }

    private static async Task ReadAsync(IImageSource source, Descriptor blob, CancellationToken cancellationToken)
    {
        var name = source.DisplayName;
        var digest = blob.Digest.ToString();
        using var reader = new SourceBlobReader(source, blob, new BreakTeller(source, blob));
        var buffer = new byte[BufferPool.BufferSize];
        long done = 0;
        do
        {
            done += await reader.FillAsync(buffer, buffer.Length, cancellationToken).ConfigureAwait(false);
            source.Connection.Events.Report(new TransferProgress(name, digest, done, blob.Size, false));
        }
        while (!reader.IsAtEnd);
        source.Connection.Events.Report(new TransferProgress(name, digest, blob.Size, blob.Size, true));
    }

    // A read that broke off and goes on is told; there is no row that counts it.
    private sealed class BreakTeller(IImageSource source, Descriptor blob) : IRetryCounter
    {
        public void CountRetry() => source.Connection.Events.Tell($"'{source.DisplayName}': {blob.Digest} is read on.");
    }
}
