using System.Security.Cryptography;
using OciSync.Core.Errors;
using OciSync.Core.Manifests;
using OciSync.Core.References;

namespace OciSync.Core.Transports.Archives;

/// <summary>A blob whose size and digest are verified when its end is read.</summary>
internal sealed class HashedContent(IBlobContent inner, Descriptor blob, string name) : IBlobContent
{
    private readonly IncrementalHash _hash = blob.Digest.CreateHash();
    private long _count;
    private bool _isVerified;

    public bool IsFromOffset => false;

    public long? ContentLength => null;

    public async Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        var read = await inner.ReadAsync(buffer, offset, count, cancellationToken).ConfigureAwait(false);
        _count += read;
        _hash.AppendData(buffer, offset, read);
        if (read == 0 && count > 0 && !_isVerified)
        {
            Verify();
        }

        return read;
    }

    public Task<byte[]> ReadAllAsync(int limit) => throw new NotSupportedException("A layer is never read as a whole.");

    public void Dispose()
    {
        _hash.Dispose();
        inner.Dispose();
    }

    private void Verify()
    {
        _isVerified = true;
        var actual = Digest.FromHash(blob.Digest.Algorithm, _hash.GetHashAndReset());
        if (_count != blob.Size || actual != blob.Digest)
        {
            throw new OciException(OciErrorKind.DigestMismatch, $"{name} has {_count} bytes of digest {actual} where {blob.Size} bytes of {blob.Digest} should be.");
        }
    }
}
