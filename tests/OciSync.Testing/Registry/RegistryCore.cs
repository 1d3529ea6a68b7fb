using OciSync.Testing.Registry.Auth;
using OciSync.Testing.Registry.Faults;
using OciSync.Testing.Registry.Logging;
using OciSync.Testing.Registry.Storage;

namespace OciSync.Testing.Registry;

/// <summary>Everything one registry consists of, shared by its endpoints.</summary>
internal sealed class RegistryCore(RegistryOptions options) : IDisposable
{
    internal RegistryOptions Options => options;

    internal RegistryDialect Dialect => options.Dialect;

    internal RequestLog Log { get; } = new();

    internal FaultList Faults { get; } = new();

    internal TokenService Tokens { get; } = new(options.Auth);

    internal BlobStore Blobs { get; } = new(options.Folder, options.DiscardBlobsAbove);

    internal RepositoryStore Repositories { get; } = new(options.Folder);

    internal UploadStore Uploads => field ??= new UploadStore(Blobs);

    public void Dispose() => Blobs.Dispose();
}
