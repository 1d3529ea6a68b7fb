namespace OciSync.Testing.Registry.Storage;

internal sealed class FileBlob(string path, long length) : BlobContent
{
    internal override long Length => length;

    internal override Stream OpenRead() =>
        new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1, FileOptions.Asynchronous);

    internal override void Delete() => File.Delete(path);
}
