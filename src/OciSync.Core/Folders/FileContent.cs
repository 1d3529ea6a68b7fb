using OciSync.Core.Errors;
using OciSync.Core.Images;

namespace OciSync.Core.Folders;

/// <summary>A blob that is a file.</summary>
internal sealed class FileContent(FileStream stream, long offset) : IBlobContent
{
    public bool IsFromOffset => true;

    public long? RangeStart => null;

    public long? RangeTotal => null;

    public long? ContentLength { get; } = stream.Length - offset;

    public async Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            // Unix has no other reads than those that wait: to hand one to another thread costs more than one from the system's cache.
            return Path.DirectorySeparatorChar == '/'
                ? stream.Read(buffer, offset, count)
                : await stream.ReadAsync(buffer, offset, count, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException e)
        {
            throw FolderFiles.Unreadable(stream.Name, e);
        }
    }

    public async Task<byte[]> ReadAllAsync(int limit)
    {
        if (ContentLength > limit)
        {
            throw new OciException(OciErrorKind.LayoutInvalid, $"The file '{stream.Name}' has {ContentLength} bytes; at most {limit} are read.");
        }

        var bytes = new byte[(int)ContentLength!.Value];
        var filled = 0;
        int read;
        while (filled < bytes.Length && (read = await ReadAsync(bytes, filled, bytes.Length - filled, CancellationToken.None).ConfigureAwait(false)) > 0)
        {
            filled += read;
        }

        return bytes;
    }

    public void Dispose() => stream.Dispose();
}
