using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Folders;
using OciSync.Core.Images;
using OciSync.Core.Manifests;
using OciSync.Core.Polyfills;
using OciSync.Core.References;

namespace OciSync.Core.Conversion;

/// <summary>
/// Packs layers anew, each once in a run, into files of a temporary folder: a registry and a layout want to know digest and size before
/// they take a blob, and several destinations and retries read it again. A file stays while an image is on its way that has it.
/// </summary>
internal sealed class LayerSpool(EngineOptions options, EngineEvents events, CancellationToken lifetime) : IDisposable
{
    private readonly SingleFlight<(Digest Digest, LayerRule Rule), PackedLayer> _packed = new(lifetime);
    private readonly SingleFlight<Digest, (LayerEncoding Found, Digest DiffId)> _measured = new(lifetime);
    private readonly SemaphoreSlim _processors = new(Environment.ProcessorCount, Environment.ProcessorCount);
    private readonly Lazy<PackingThreads> _threads = new(() => new PackingThreads(Environment.ProcessorCount));
    private readonly SemaphoreSlim _again = new(1, 1);
    private readonly object _lock = new();
    private string? _folder;
    private int _files;

    /// <summary>What layers became in earlier runs.</summary>
    internal PackedRecords Records { get; } = new(options.StatePath, options.Time, events);

    /// <summary>The layer, packed by the rule. The caller gives it back by <see cref="Release"/>.</summary>
    internal async Task<PackedLayer> PackAsync(IImageSource source, Descriptor layer, LayerRule rule, WorkScope work)
    {
        var packed = await _packed.RunAsync(
            (layer.Digest, rule with { OnlyUnpacked = false }), shared => PackGatedAsync(source, layer, rule, work.With(shared)), work.Token)
            .ConfigureAwait(false);
        lock (_lock)
        {
            packed.Users++;
        }

        return packed;
    }

    /// <summary>How a layer is packed, and its diff id.</summary>
    internal Task<(LayerEncoding Found, Digest DiffId)> MeasureAsync(IImageSource source, Descriptor layer, WorkScope work) =>
        _measured.RunAsync(layer.Digest, shared => GatedAsync(source, () => LayerCodec.ReadAsync(source, layer, null, work.With(shared)), shared), work.Token);

    /// <summary>Opens a packed layer; one whose file is gone is packed again.</summary>
    internal async Task<OpenedBlob> OpenAsync(IImageSource source, PackedLayer layer, long offset, CancellationToken cancellationToken)
    {
        await _again.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            layer.File ??= NewFile();
            if (!File.Exists(layer.File))
            {
                var again = await WriteAsync(source, layer.Source, layer.Rule, layer.File, WorkScope.Uncounted(cancellationToken)).ConfigureAwait(false);
                if (again.Digest != layer.Digest)
                {
                    Remove(() => File.Delete(layer.File));
                    Records.Forget(layer);
                    throw new OciException(
                        OciErrorKind.LayerInvalid,
                        $"The layer {layer.Source.Digest} gave other bytes ({again.Digest}) than before ({layer.Digest}) when it was packed again: the next "
                        + "run packs the whole image.");
                }
            }

            var stream = new FileStream(layer.File, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1, FileOptions.Asynchronous);
            stream.Seek(offset, SeekOrigin.Begin);
            return new OpenedBlob(new FileContent(stream, offset), null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FolderFiles.Unreadable(layer.File!, e);
        }
        finally
        {
            _again.Release();
        }
    }

    /// <summary>An image is done with a layer.</summary>
    internal void Release(PackedLayer layer)
    {
        lock (_lock)
        {
            if (--layer.Users == 0 && layer.File is { } file)
            {
                Remove(() => File.Delete(file));
            }
        }
    }

    public void Dispose()
    {
        _processors.Dispose();
        if (_threads.IsValueCreated)
        {
            _threads.Value.Dispose();
        }

        _again.Dispose();
        if (_folder is { } folder)
        {
            Remove(() => Directory.Delete(folder, recursive: true));
        }
    }

    // Packing takes a processor, and a permit of the source as any transfer does.
    private async Task<T> GatedAsync<T>(IImageSource source, Func<Task<T>> work, CancellationToken cancellationToken)
    {
        using var permits = await TransferGate.EnterAsync(
            [source.Connection.Gate], _ => true, Timeout.InfiniteTimeSpan, source.Connection.Options.Time, cancellationToken).ConfigureAwait(false);
        await _processors.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await work().ConfigureAwait(false);
        }
        finally
        {
            _processors.Release();
        }
    }

    private Task<PackedLayer> PackGatedAsync(IImageSource source, Descriptor layer, LayerRule rule, WorkScope work) =>
        GatedAsync(
            source,
            async () =>
            {
                var packed = await WriteAsync(source, layer, rule, NewFile(), work).ConfigureAwait(false);
                Records.Note(packed);
                events.Tell($"The layer {layer.Digest} ({layer.Size} bytes) is packed anew ({rule.Target}): {packed.Digest} ({packed.Size} bytes).");
                return packed;
            },
            work.Token);

    private async Task<PackedLayer> WriteAsync(
        IImageSource source, Descriptor layer, LayerRule rule, string file, WorkScope work)
    {
        try
        {
            using var stream = new FileStream(file, FileMode.Create, FileAccess.Write, FileShare.None, 1, FileOptions.Asynchronous);
            using var hash = new HashingStream(stream);
            Digest diffId;
            var pack = LayerCodec.Pack(hash, rule.Target, rule.Level, _threads.Value);
            try
            {
                (_, diffId) = await LayerCodec.ReadAsync(
                    source, layer, (bytes, count) => pack.WriteAsync(bytes, 0, count, work.Token), work).ConfigureAwait(false);
                await (pack is GzipBlockStream gzip ? gzip.CompleteAsync(work.Token) : Task.CompletedTask).ConfigureAwait(false);
            }
            finally
            {
                if (!ReferenceEquals(pack, hash))
                {
                    pack.Dispose();
                }
            }

            return new PackedLayer(layer, rule, hash.Finish(), hash.Count, diffId, file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Remove(() => File.Delete(file));
            throw FolderFiles.Unwritable(file, e);
        }
        catch (Exception)
        {
            Remove(() => File.Delete(file));
            throw;
        }
    }

    private string NewFile() => Path.Combine(Folder(), Interlocked.Increment(ref _files).ToString(System.Globalization.CultureInfo.InvariantCulture));

    private string Folder()
    {
        lock (_lock)
        {
            var parent = options.TempPath ?? Path.GetTempPath();
            try
            {
                if (_folder is null)
                {
                    var folder = Path.Combine(parent, "ocisync-" + Guid.NewGuid().ToString("N"));
                    PrivateFiles.CreateFolder(folder);
                    _folder = folder;
                }

                return _folder;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
            {
                throw FolderFiles.Unwritable(parent, e);
            }
        }
    }

    private static void Remove(Action delete)
    {
        try
        {
            delete();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A reader may still have it open; the folder goes when the run ends, or with the system's temporary files.
            return;
        }
    }
}
