using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Folders;
using OciSync.Core.Images;
using OciSync.Core.Manifests;
using OciSync.Core.References;
using OciSync.Core.Tar;
using OciSync.Core.Text;

namespace OciSync.Core.Archives;

/// <summary>Tar files, plain or packed, as the layers of an image for linux on this machine's architecture.</summary>
internal sealed class Tarball : ArchiveSource
{
    private const int BufferSize = 128 * 1024;

    private readonly IReadOnlyList<string> _paths;
    private readonly Once<Manifest> _manifest;
    private readonly Dictionary<Digest, string> _files = [];
    private byte[] _config = [];

    internal Tarball(string displayName, IReadOnlyList<string> paths, FolderHost host)
        : base(displayName, host)
    {
        _paths = paths;
        _manifest = new Once<Manifest>(host.Lifetime);
    }

    public override async Task<ManifestHead?> HeadManifestAsync(string reference, WorkScope work)
    {
        var manifest = await GetManifestAsync(reference, work).ConfigureAwait(false);
        return new ManifestHead(manifest.Digest, manifest.MediaType);
    }

    public override Task<Manifest> GetManifestAsync(string reference, WorkScope work) =>
        _manifest.RunAsync(MakeAsync, work.Token);

    public override Task<OpenedBlob> OpenBlobAsync(Digest digest, long offset, CancellationToken cancellationToken)
    {
        if (!_files.TryGetValue(digest, out var path))
        {
            return Task.FromResult(new OpenedBlob(new BytesContent(_config, offset), null));
        }

        var stream = Open(path);
        stream.Seek(offset, SeekOrigin.Begin);
        return Task.FromResult(new OpenedBlob(new FileContent(stream, offset), null));
    }

    public override Task<IReadOnlyList<string>> ListTagsAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<string>>([]);

    public override string NameBlob(Digest digest) => _files.TryGetValue(digest, out var path) ? $"The file '{path}'" : $"The config of '{DisplayName}'";

    public override OciException Missing(string reference) => new(OciErrorKind.ManifestUnknown, $"'{DisplayName}' has no image '{Printable.Text(reference)}'.");

    private async Task<Manifest> MakeAsync(CancellationToken cancellationToken)
    {
        var layers = new List<Descriptor>();
        var diffs = new List<string>();
        var history = new JsonArray();
        var newest = DateTime.MinValue;
        foreach (var path in _paths)
        {
            var (layer, diff) = await ReadAsync(path, cancellationToken).ConfigureAwait(false);
            _files[layer.Digest] = path;
            layers.Add(layer);
            diffs.Add(diff.ToString());
            var time = File.GetLastWriteTimeUtc(path);
            newest = time > newest ? time : newest;
            history.Add(new JsonObject { ["created"] = Text(time), ["comment"] = "imported from tarball" });
        }

        _config = JsonSerializer.SerializeToUtf8Bytes(new JsonObject
        {
            ["created"] = Text(newest),
            ["architecture"] = Platform.Default.Architecture,
            ["os"] = Platform.Default.Os,
            ["config"] = new JsonObject(),
            ["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = new JsonArray([.. diffs.Select(d => (JsonNode)JsonValue.Create(d))]) },
            ["history"] = history,
        });
        return ManifestMaker.Create(new Descriptor(MediaTypes.OciConfig, Digest.Of(_config), _config.Length), layers, DisplayName);
    }

    private static string Text(DateTime time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    // The file as it is, and the digest of what it holds; a file that is no tar, or is cut off, is refused.
    private static async Task<(Descriptor Layer, Digest Diff)> ReadAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            using var stream = Open(path);
            var start = new byte[Unpacker.ProbeSize];
            var packing = Unpacker.Detect(start, await stream.ReadAsync(start, 0, start.Length, cancellationToken).ConfigureAwait(false));
            stream.Seek(0, SeekOrigin.Begin);
            if (LayerTypes.FindFault(packing) is { } fault)
            {
                throw new OciException(OciErrorKind.ArchiveInvalid, $"The file '{path}' can't be a layer: {fault}.");
            }

            if (packing == Packing.None)
            {
                // A layer may hold what an archive of images may not: devices, a file twice.
                TarWalk.Read(stream, path, _ => { });
                stream.Seek(0, SeekOrigin.Begin);
            }

            var (digest, size) = await HashAsync(stream, null, path, cancellationToken).ConfigureAwait(false);
            stream.Seek(0, SeekOrigin.Begin);
            using var unpacked = Unpacker.Open(stream, packing);
            var diff = packing == Packing.None
                ? digest
                : (await HashAsync(unpacked, Unpacker.LimitOf(size), path, cancellationToken).ConfigureAwait(false)).Digest;
            return (new Descriptor(LayerTypes.Of(packing, isOci: true), digest, size), diff);
        }
        catch (Exception e) when (Unpacker.IsDamage(e))
        {
            throw new OciException(OciErrorKind.ArchiveInvalid, $"The file '{path}' can't be used: it is cut off or damaged ({e.Message.TrimEnd('.')}).", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FolderFiles.Unreadable(path, e);
        }
    }

    private static async Task<(Digest Digest, long Size)> HashAsync(Stream stream, long? limit, string path, CancellationToken cancellationToken)
    {
        using var hash = Digest.Of([]).CreateHash();
        var buffer = new byte[BufferSize];
        long size = 0;
        int read;
        while ((read = await stream.ReadAsync(buffer, 0, buffer.Length, cancellationToken).ConfigureAwait(false)) > 0)
        {
            hash.AppendData(buffer, 0, read);
            size += read;
            if (size > limit)
            {
                throw Unpacker.TooLarge($"The file '{path}'", limit.Value);
            }
        }

        return (Digest.FromHash("sha256", hash.GetHashAndReset()), size);
    }

    private static FileStream Open(string path)
    {
        if (!File.Exists(path))
        {
            throw new OciException(OciErrorKind.ManifestUnknown, $"There is no file '{path}'.");
        }

        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1, FileOptions.Asynchronous);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FolderFiles.Unreadable(path, e);
        }
    }
}
