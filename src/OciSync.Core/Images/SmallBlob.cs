using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Manifests;
using OciSync.Core.References;

namespace OciSync.Core.Images;

/// <summary>Blobs that are read whole, because they are understood and not only carried: verified, and at most 4 MiB.</summary>
internal static class SmallBlob
{
    /// <summary>The bytes of a blob.</summary>
    /// <param name="source">Where it is read from.</param>
    /// <param name="blob">The blob.</param>
    /// <param name="kind">What it is, for messages: <c>config</c>.</param>
    /// <param name="work">What stops it.</param>
    /// <exception cref="OciException">It can't be read, is larger, or has other bytes than its digest says.</exception>
    internal static async Task<byte[]> ReadAsync(IImageSource source, Descriptor blob, string kind, WorkScope work)
    {
        if (blob.Size > ManifestReader.MaxSize)
        {
            throw new OciException(
                OciErrorKind.ManifestInvalid, $"The {kind} of '{source.DisplayName}' has {blob.Size} bytes; at most {ManifestReader.MaxSize} are read.");
        }

        return await source.Connection.Retry.RunAsync(token => ReadOnceAsync(source, blob, kind, token), work).ConfigureAwait(false);
    }

    /// <summary>Writes a blob that was made here, where it isn't there already.</summary>
    /// <param name="destination">Where it goes.</param>
    /// <param name="bytes">The blob.</param>
    /// <param name="mediaType">What it is called in manifests.</param>
    /// <param name="work">What stops it.</param>
    /// <exception cref="OciException">It can't be written.</exception>
    internal static async Task<Descriptor> WriteAsync(IImageDestination destination, byte[] bytes, string mediaType, WorkScope work)
    {
        var blob = new Descriptor(mediaType, Digest.Of(bytes), bytes.Length);

        // The signatures of an image's platforms share some. One that is sent by several at a time is not there for moments, to docker-registry.
        _ = destination.Made is { } made
            ? await made.RunAsync(blob.Digest, token => WriteOnceAsync(destination, bytes, blob, work.With(token)), work.Token).ConfigureAwait(false)
            : await WriteOnceAsync(destination, bytes, blob, work).ConfigureAwait(false);
        return blob;
    }

    private static async Task<bool> WriteOnceAsync(IImageDestination destination, byte[] bytes, Descriptor blob, WorkScope work) =>
        await destination.HasBlobAsync(blob, work).ConfigureAwait(false)
        || await destination.Connection.Retry.RunAsync(
            async token =>
            {
                await destination.UploadAsync(blob, new BytesFeed(bytes), _ => { }, work.With(token)).ConfigureAwait(false);
                return true;
            },
            work).ConfigureAwait(false);

    // Each mirror that spoils it is left out in the next round; the registry's own answer counts.
    private static async Task<byte[]> ReadOnceAsync(IImageSource source, Descriptor blob, string kind, CancellationToken cancellationToken)
    {
        while (true)
        {
            using var opened = await source.OpenBlobAsync(blob.Digest, 0, cancellationToken).ConfigureAwait(false);
            try
            {
                var bytes = await opened.Answer.ReadAllAsync(ManifestReader.MaxSize).ConfigureAwait(false);
                var actual = Digest.Of(bytes, blob.Digest.Algorithm);
                return actual == blob.Digest && bytes.Length == blob.Size
                    ? bytes
                    : throw new OciException(
                        OciErrorKind.DigestMismatch,
                        $"{source.NameBlob(blob.Digest)} (a {kind}) came with other bytes: {bytes.Length} of the digest {actual}, where {blob.Size} were "
                        + "due.");
            }
            catch (OciException e) when (opened.Mirror is not null)
            {
                source.Spoil(opened.Mirror, blob.Digest, e);
            }
        }
    }
}
