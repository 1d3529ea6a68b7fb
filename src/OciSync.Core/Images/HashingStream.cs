using System.Security.Cryptography;
using OciSync.Core.Polyfills;
using OciSync.Core.References;

namespace OciSync.Core.Images;

/// <summary>Hashes and counts what is written, and hands it on where there is somewhere.</summary>
internal sealed class HashingStream(Stream? target) : OneWayStream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    internal long Count { get; private set; }

    public override bool CanWrite => true;

    /// <summary>The digest of all that was written; once.</summary>
    internal Digest Finish() => Digest.FromHash("sha256", _hash.GetHashAndReset());

    public override void Write(byte[] buffer, int offset, int count)
    {
        Add(buffer, offset, count);
        target?.Write(buffer, offset, count);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        Add(buffer, offset, count);
        return target is null ? Task.CompletedTask : target.WriteAsync(buffer, offset, count, cancellationToken);
    }

    public override void Flush() => target?.Flush();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _hash.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Add(byte[] buffer, int offset, int count)
    {
        _hash.AppendData(buffer, offset, count);
        Count += count;
    }
}
