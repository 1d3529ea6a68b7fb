using OciSync.Core.Folders;
using OciSync.Core.Images;

namespace OciSync.Core.Filling;

/// <summary>A blob that is read while it comes.</summary>
/// <param name="download">Tells how far it is.</param>
/// <param name="stream">The file, at <paramref name="start"/>.</param>
/// <param name="start">The first byte.</param>
internal sealed class FollowedContent(BlobDownload download, FileStream stream, long start) : IBlobContent
{
    private long _position = start;

    public bool IsFromOffset => true;

    public long? RangeStart => null;

    public long? RangeTotal => null;

    public long? ContentLength { get; } = download.Size - start;

    public async Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        if (_position >= download.Size)
        {
            return 0;
        }

        var written = await download.WaitAsync(_position, cancellationToken).ConfigureAwait(false);
        try
        {
            // What was just written lies in the system's cache: to hand the read to another thread costs more than the read.
            var read = stream.Read(buffer, offset, (int)Math.Min(count, written - _position));
            _position += read;
            return read;
        }
        catch (IOException e)
        {
            throw FolderFiles.Unreadable(stream.Name, e);
        }
    }

    public Task<byte[]> ReadAllAsync(int limit) => throw new NotSupportedException("A blob that is on its way is read in parts.");

    public void Dispose() => stream.Dispose();
}
