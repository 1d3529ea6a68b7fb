using System.Runtime.CompilerServices;
using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Images;
using OciSync.Core.Manifests;
using OciSync.Core.Polyfills;
using OciSync.Core.References;
using OciSync.Core.Tar;

namespace OciSync.Core.Conversion;

/// <summary>Unpacks layers, whatever they are packed with by their own bytes, and packs them anew; nothing grows with their size.</summary>
internal static class LayerCodec
{
    private const int BufferSize = 128 * 1024;
    private const int UsualZstdLevel = 3;

    /// <summary>Reads a layer of the source, verified, and hashes what is in it.</summary>
    /// <param name="source">Where it is.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="write">What takes the unpacked bytes: the stream they are read from, until its end.</param>
    /// <param name="work">Stops it, and counts its further attempts.</param>
    /// <returns>The encoding that was found, and the digest of the unpacked bytes (the diff id).</returns>
    internal static async Task<(LayerEncoding Found, Digest DiffId)> ReadAsync(
        IImageSource source, Descriptor layer, Func<byte[], int, Task>? write, WorkScope work)
    {
        using var blob = new SourceBlobStream(new SourceBlobReader(source, layer, work.Counter), work.Token);
        var found = Detect(await blob.PeekAsync(work.Token).ConfigureAwait(false));
        using var plain = Unpack(blob, found);

        // What isn't packed has been hashed when it was verified.
        using var hash = found == LayerEncoding.None && layer.Digest.Algorithm == "sha256" ? null : new HashingStream(null);
        var buffer = new byte[BufferSize];
        while (await ReadPartAsync().ConfigureAwait(false) is > 0 and var read)
        {
            hash?.Write(buffer, 0, read);
            await (write is null ? Task.CompletedTask : write(buffer, read)).ConfigureAwait(false);
        }

        await blob.DrainAsync(work.Token).ConfigureAwait(false);
        return (found, hash?.Finish() ?? layer.Digest);

        async Task<int> ReadPartAsync()
        {
            try
            {
                return await plain.ReadAsync(buffer, 0, buffer.Length, work.Token).ConfigureAwait(false);
            }
            catch (Exception e) when (Unpacker.IsDamage(e))
            {
                throw new OciException(OciErrorKind.LayerInvalid, $"{source.NameBlob(layer.Digest)} (a layer) can't be unpacked: {e.Message}", e);
            }
        }
    }

    /// <summary>What the first bytes say.</summary>
    internal static LayerEncoding Detect(ArraySegment<byte> start) => start.Array is not { } bytes || start.Count < 4
        ? LayerEncoding.None
        : (bytes[0], bytes[1], bytes[2], bytes[3]) switch
        {
            (0x1F, 0x8B, _, _) => LayerEncoding.Gzip,
            (0x28, 0xB5, 0x2F, 0xFD) => LayerEncoding.Zstd,

            // A skippable frame, with which zstd:chunked may begin.
            (>= 0x50 and <= 0x5F, 0x2A, 0x4D, 0x18) => LayerEncoding.Zstd,
            _ => LayerEncoding.None,
        };

    internal static Stream Unpack(Stream packed, LayerEncoding encoding) => encoding switch
    {
        LayerEncoding.Gzip => GzipStreams.OpenRead(packed, leaveOpen: true),
        LayerEncoding.Zstd => UnpackZstd(packed),
        _ => packed,
    };

    /// <summary>What packs all that is written to it into the target, which stays open.</summary>
    internal static Stream Pack(Stream target, LayerEncoding encoding, int? level, PackingThreads threads) => encoding switch
    {
        LayerEncoding.Gzip => new GzipBlockStream(target, level, threads),
        LayerEncoding.Zstd => PackZstd(target, level),
        _ => target,
    };

    // By themselves, so that a library is loaded only when it is used.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Stream UnpackZstd(Stream packed) => new ZstdSharp.DecompressionStream(packed, leaveOpen: true);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Stream PackZstd(Stream target, int? level) => new ZstdSharp.CompressionStream(target, level ?? UsualZstdLevel, leaveOpen: true);
}
