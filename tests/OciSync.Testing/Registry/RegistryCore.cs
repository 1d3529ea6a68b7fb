using OciSync.Testing.Registry.Auth;
using OciSync.Testing.Registry.Faults;
using OciSync.Testing.Registry.Logging;
using OciSync.Testing.Registry.Storage;

namespace OciSync.Testing.Registry;

/// <summary>Everything one registry consists of, shared by its endpoints.</summary>
internal sealed class RegistryCore : IDisposable
{
    private readonly RegistryOptions options;

    internal RegistryCore(RegistryOptions options)
    {
        this.options = options;
        Tokens = new TokenService(options.Auth);
        Blobs = new BlobStore(options.Folder, options.DiscardBlobsAbove);
        Repositories = new RepositoryStore(options.Folder);
        Uploads = new UploadStore(Blobs);
    }

    internal RegistryOptions Options => options;

    internal RegistryDialect Dialect => options.Dialect;

    internal RequestLog Log { get; } = new();

    internal FaultList Faults { get; } = new();

    internal TokenService Tokens { get; }

    internal BlobStore Blobs { get; }

    internal RepositoryStore Repositories { get; }

    internal UploadStore Uploads { get; }

    public void Dispose() => Blobs.Dispose();
}
