namespace OciSync.Testing.Registry.Storage;

/// <summary>A blob that was hashed while it came in and then forgotten.</summary>
internal sealed class DiscardedBlob(long length) : BlobContent
{
    internal override long Length => length;

    internal override bool IsReadable => false;

    internal override Stream OpenRead() => throw new InvalidOperationException("The content of this blob was discarded.");
}
