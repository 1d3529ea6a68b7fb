using System.Text;
using OciSync.Core.Flow;
using OciSync.Core.Folders;
using OciSync.Core.Images;
using OciSync.Core.Layouts;
using OciSync.Core.Manifests;
using OciSync.Core.References;
using OciSync.Core.Tar;

namespace OciSync.Core.Archives;

/// <summary>Writes an OCI image layout as a tar file: blobs and manifests as they come, byte for byte, the index last.</summary>
internal class LayoutArchiveWriter : ArchiveWriter
{
    private const int BufferSize = 128 * 1024;

    private readonly Dictionary<string, ManifestHead> _written = new(StringComparer.Ordinal);
    private byte[] _index = LayoutIndex.Empty;

    internal LayoutArchiveWriter(string displayName, string path, FolderHost host)
        : base(displayName, path, host)
    {
    }

    public override void Check(ImageTree tree, string name)
    {
    }

    public override Digest? FindWritten(string reference) => null;

    public override Task<bool> HasBlobAsync(Descriptor blob, WorkScope work)
    {
        lock (Lock)
        {
            return Task.FromResult(_written.ContainsKey(blob.Digest.ToString()));
        }
    }

    public override async Task PutManifestAsync(string reference, Manifest manifest, bool isPart, WorkScope work)
    {
        await AppendAloneAsync(OciArchive.BlobPath(manifest.Digest), manifest.Content, work.Token).ConfigureAwait(false);
        lock (Lock)
        {
            var head = new ManifestHead(manifest.Digest, manifest.MediaType);
            _written[manifest.Digest.ToString()] = head;
            if (!isPart)
            {
                _written[reference] = head;
                var name = reference.StartsWith(ImageLocation.UnnamedImage, StringComparison.Ordinal) || reference.Length == 0 ? null : reference;
                _index = Index.With(manifest, name, FullNameOf(name)) ?? _index;
            }
        }
    }

    /// <summary>What the index says so far; to be asked for under <see cref="ArchiveWriter.Lock"/>.</summary>
    private protected LayoutIndex Index => LayoutIndex.Read(_index, FilePath, DisplayName);

    /// <summary>Makes these bytes the index; null leaves it as it is.</summary>
    private protected void Take(byte[]? index) => _index = index ?? _index;

    // Docker's engines take the name as it stands there, and find an image only by its whole one. A tag alone tells no repository.
    private static string? FullNameOf(string? name) => name is not null && name.IndexOfAny([':', '/']) >= 0
        && ImageReference.TryParse(name, out var reference, out _) && reference!.Digest is null
            ? reference.WithDefaultTag().ToString()
            : null;

    private protected override ManifestHead? FindHead(string reference)
    {
        lock (Lock)
        {
            return _written.TryGetValue(reference, out var head) ? head : null;
        }
    }

    private protected override async Task WriteBlobAsync(Descriptor blob, FeedStream stream, CancellationToken cancellationToken)
    {
        var name = OciArchive.BlobPath(blob.Digest);
        await AppendAsync(
            TarWriter.Header(name, blob.Size).Length,
            async write =>
            {
                var buffer = new byte[BufferSize];
                int read;
                while ((read = await stream.ReadAsync(buffer, 0, buffer.Length, cancellationToken).ConfigureAwait(false)) > 0)
                {
                    await write(buffer, read).ConfigureAwait(false);
                }

                await stream.VerifyAsync(FilePath).ConfigureAwait(false);
                return (name, blob.Size);
            },
            cancellationToken).ConfigureAwait(false);
        lock (Lock)
        {
            _written[blob.Digest.ToString()] = new ManifestHead(blob.Digest, null);
        }
    }

    private protected override async Task FinishAsync(CancellationToken cancellationToken)
    {
        await AppendAsync("oci-layout", Encoding.ASCII.GetBytes("{\"imageLayoutVersion\":\"1.0.0\"}"), cancellationToken).ConfigureAwait(false);
        await AppendAsync(LayoutIndex.FileName, _index, cancellationToken).ConfigureAwait(false);
    }
}
