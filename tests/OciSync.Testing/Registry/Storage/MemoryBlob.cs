namespace OciSync.Testing.Registry.Storage;

internal sealed class MemoryBlob(byte[] buffer, int length) : BlobContent
{
    internal override long Length => length;

    internal override Stream OpenRead() => new MemoryStream(buffer, 0, length, writable: false);
}
