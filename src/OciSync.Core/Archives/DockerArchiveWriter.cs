using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Folders;
using OciSync.Core.Images;
using OciSync.Core.Manifests;
using OciSync.Core.References;
using OciSync.Core.Tar;

namespace OciSync.Core.Archives;

/// <summary>
/// Writes the tar file that <c>docker load</c> takes: layers unpacked and called by their digest, each once, configs, and a list of all
/// images with their names.
/// </summary>
internal class DockerArchiveWriter : ArchiveWriter
{
    private const int BufferSize = 128 * 1024;

    private readonly Dictionary<Digest, byte[]> _configs = [];
    private readonly Dictionary<Digest, (Digest Diff, long Size)> _layers = [];
    private readonly DockerArchiveList _list = new();

    internal DockerArchiveWriter(string displayName, string path, FolderHost host)
        : base(displayName, path, host)
    {
    }

    public override string? ChangeReason => "layers are stored unpacked";

    public override void Check(ImageTree tree, string name)
    {
        var root = tree.Root;
        var fault = root.IsIndex
            ? $"it holds one platform of an image, and several were chosen ({string.Join(", ", tree.Platforms)}): name one of them with -Platform"
            : root.Config is null || !MediaTypes.IsImageConfig(root.Config.MediaType)
                ? $"it holds images alone, and this is an artifact ({root.ArtifactType ?? root.Config?.MediaType ?? root.MediaType})"
            : root.Config.Size > ManifestReader.MaxSize ? $"the config has {root.Config.Size} bytes; at most {ManifestReader.MaxSize} are taken"
            : root.Layers.FirstOrDefault(l => l.IsForeign) is { } foreign
                ? $"the layer {foreign.Digest} is not in the registry (it is only named by an address), and the archive needs it"
            : null;
        if (fault is not null)
        {
            throw new OciException(OciErrorKind.ManifestRefused, $"'{name}' can't be written to '{DisplayName}': {fault}.");
        }
    }

    public override Task<bool> HasBlobAsync(Descriptor blob, WorkScope work)
    {
        lock (Lock)
        {
            return Task.FromResult(_configs.ContainsKey(blob.Digest) || _layers.ContainsKey(blob.Digest));
        }
    }

    public override Digest? FindWritten(string reference)
    {
        lock (Lock)
        {
            return _list.Find(reference)?.Made;
        }
    }

    public override Task PutManifestAsync(string reference, Manifest manifest, bool isPart, WorkScope work)
    {
        lock (Lock)
        {
            var config = _configs.TryGetValue(manifest.Config!.Digest, out var known) ? known : throw MissingBlob(manifest.Config);
            var diffs = ConfigLayers.Read(config, $"The config {manifest.Config.Digest}");
            var layers = manifest.Layers.Select(l => _layers.TryGetValue(l.Digest, out var layer) ? layer : throw MissingBlob(l)).ToList();
            if (diffs.Count != layers.Count)
            {
                throw Mismatch($"the config {manifest.Config.Digest} names {diffs.Count} layers, and the manifest {layers.Count}");
            }

            for (var i = 0; i < diffs.Count; i++)
            {
                if (diffs[i] != layers[i].Diff)
                {
                    throw Mismatch($"the layer {manifest.Layers[i].Digest} is {layers[i].Diff} when it is unpacked, and the config says {diffs[i]}");
                }
            }

            var made = ManifestMaker.Create(
                new Descriptor(MediaTypes.DockerConfig, manifest.Config.Digest, config.Length),
                layers.Select(l => new Descriptor(LayerTypes.DockerTar, l.Diff, l.Size)).ToList(),
                DisplayName);
            _list.Add(reference, manifest, made.Digest, layers.Select(l => l.Diff).ToList(), config);
        }

        return Task.CompletedTask;
    }

    private protected override ManifestHead? FindHead(string reference)
    {
        lock (Lock)
        {
            return _list.Find(reference) is { } image ? new ManifestHead(image.Source, image.MediaType) : null;
        }
    }

    private protected override async Task WriteBlobAsync(Descriptor blob, FeedStream stream, CancellationToken cancellationToken)
    {
        if (MediaTypes.IsImageConfig(blob.MediaType))
        {
            await KeepConfigAsync(blob, stream, cancellationToken).ConfigureAwait(false);
            return;
        }

        var packing = await stream.DetectAsync().ConfigureAwait(false);
        (Digest Diff, long Size) layer = default;
        await AppendAsync(
            TarWriter.BlockSize,
            async write =>
            {
                layer = await UnpackAsync(blob, stream, packing, write, cancellationToken).ConfigureAwait(false);
                return (EntryName(layer.Diff), layer.Size);
            },
            cancellationToken).ConfigureAwait(false);
        lock (Lock)
        {
            _layers[blob.Digest] = layer;
        }
    }

    private protected override async Task FinishAsync(CancellationToken cancellationToken)
    {
        foreach (var image in _list.Images)
        {
            await AppendAsync(DockerArchiveList.ConfigName(image), image.Config, cancellationToken).ConfigureAwait(false);
            foreach (var layer in LegacyLayer.Of(image))
            {
                await AppendLinkAsync(layer.Id + "/layer.tar", "../" + EntryName(layer.Diff), cancellationToken).ConfigureAwait(false);
                await AppendAsync(layer.Id + "/VERSION", LegacyLayer.Version, cancellationToken).ConfigureAwait(false);
                await AppendAsync(layer.Id + "/json", layer.Json, cancellationToken).ConfigureAwait(false);
            }
        }

        await AppendAsync(DockerArchiveIndex.FileName, _list.ToJson(EntryName), cancellationToken).ConfigureAwait(false);
        if (_list.ToRepositories() is { } repositories)
        {
            await AppendAsync("repositories", repositories, cancellationToken).ConfigureAwait(false);
        }
    }

    private static string EntryName(Digest diff) => (diff.Algorithm == "sha256" ? diff.Hex : diff.Algorithm + "-" + diff.Hex.Substring(0, 64)) + ".tar";

    private async Task<(Digest Diff, long Size)> UnpackAsync(
        Descriptor blob, FeedStream stream, Packing packing, Func<byte[], int, Task> write, CancellationToken cancellationToken)
    {
        using var hash = Digest.Of([]).CreateHash();
        var limit = Unpacker.LimitOf(blob.Size);
        var buffer = new byte[BufferSize];
        long size = 0;
        try
        {
            using var unpacked = Unpacker.Open(stream, packing);
            int read;
            while ((read = await unpacked.ReadAsync(buffer, 0, buffer.Length, cancellationToken).ConfigureAwait(false)) > 0)
            {
                size += read;
                if (size > limit)
                {
                    throw Unpacker.TooLarge($"The layer {blob.Digest}", limit);
                }

                hash.AppendData(buffer, 0, read);
                await write(buffer, read).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (Unpacker.IsDamage(e))
        {
            throw new OciException(OciErrorKind.DigestMismatch, $"The layer {blob.Digest} can't be unpacked: {e.Message.TrimEnd('.')}.", e);
        }

        await stream.VerifyAsync(FilePath).ConfigureAwait(false);
        return (Digest.FromHash("sha256", hash.GetHashAndReset()), size);
    }

    private async Task KeepConfigAsync(Descriptor blob, FeedStream stream, CancellationToken cancellationToken)
    {
        var config = new byte[(int)Math.Min(blob.Size, ManifestReader.MaxSize)];
        var filled = 0;
        int read;
        while (filled < config.Length && (read = await stream.ReadAsync(config, filled, config.Length - filled, cancellationToken).ConfigureAwait(false)) > 0)
        {
            filled += read;
        }

        await stream.VerifyAsync(FilePath).ConfigureAwait(false);
        lock (Lock)
        {
            _configs[blob.Digest] = config;
        }
    }

    private OciException MissingBlob(Descriptor blob) => new(OciErrorKind.BlobUnknown, $"'{DisplayName}' has not got the blob {blob.Digest}.");

    private OciException Mismatch(string fault) => new(OciErrorKind.DigestMismatch, $"The image can't be written to '{DisplayName}': {fault}.");
}
