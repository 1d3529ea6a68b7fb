using System.Security.Cryptography;
using OciSync.Core.Errors;
using OciSync.Core.Images;
using OciSync.Core.References;

namespace OciSync.Core.Shelves;

/// <summary>A whole blob that is verified while it is read: its last bytes are not given before its digest is known to be right.</summary>
/// <param name="inner">The bytes, from the first one.</param>
/// <param name="digest">What they have to be.</param>
/// <param name="size">How many they are.</param>
/// <param name="onEnd">Told once whether they were.</param>
internal sealed class ProvenContent(IBlobContent inner, Digest digest, long size, Action<bool> onEnd) : IBlobContent
{
    private readonly IncrementalHash _hash = digest.CreateHash();
    private long _read;

    public bool IsFromOffset => inner.IsFromOffset;

    public long? RangeStart => inner.RangeStart;

    public long? RangeTotal => inner.RangeTotal;

    public long? ContentLength => inner.ContentLength;

    public async Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        var read = await inner.ReadAsync(buffer, offset, count, cancellationToken).ConfigureAwait(false);
        _hash.AppendData(buffer, offset, read);
        _read += read;
        if (read > 0 && _read == size)
        {
            var isRight = Digest.FromHash(digest.Algorithm, _hash.GetHashAndReset()) == digest;
            onEnd(isRight);
            return isRight ? read : throw new OciException(OciErrorKind.DigestMismatch, $"The blob {digest} has other content than its digest says.");
        }

        return read;
    }

    public Task<byte[]> ReadAllAsync(int limit) => inner.ReadAllAsync(limit);

    public void Dispose()
    {
        _hash.Dispose();
        inner.Dispose();
    }
}
