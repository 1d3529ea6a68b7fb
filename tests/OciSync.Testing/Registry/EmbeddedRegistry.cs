using OciSync.Testing.Images;
using OciSync.Testing.Registry.Auth;
using OciSync.Testing.Registry.Endpoints;
using OciSync.Testing.Registry.Faults;
using OciSync.Testing.Registry.Logging;
using OciSync.Testing.Registry.Storage;

namespace OciSync.Testing.Registry;

/// <summary>A registry of the distribution specification on a loopback port, made to be misused by tests.</summary>
public sealed class EmbeddedRegistry : IAsyncDisposable
{
    private readonly RegistryCore core;
    private readonly TaskCompletionSource stopRequested = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private LoopbackServer? server;

    private EmbeddedRegistry(RegistryOptions options)
    {
        Options = options;
        core = new RegistryCore(options);
    }

    /// <summary>The options it was started with.</summary>
    public RegistryOptions Options { get; }

    /// <summary>The port.</summary>
    public int Port => server?.Port ?? 0;

    /// <summary>Host and port as they stand in an image reference.</summary>
    public string Address => $"127.0.0.1:{Port}";

    /// <summary>The same as <see cref="Address"/>.</summary>
    public string Host => Address;

    /// <summary>Where the registry answers.</summary>
    public Uri BaseUri => new($"{(Options.Certificate is null ? "http" : "https")}://{Address}/");

    /// <summary>What was asked.</summary>
    public RequestLog Requests => core.Log;

    /// <summary>What is to go wrong.</summary>
    public FaultList Faults => core.Faults;

    /// <summary>The token endpoint.</summary>
    public TokenService Tokens => core.Tokens;

    /// <summary>Uploads begun and neither committed nor cancelled.</summary>
    public int OpenUploads => core.Uploads.Count;

    /// <summary>Requests being answered now.</summary>
    public int ActiveRequests => core.Log.Active;

    /// <summary>Completes when another process asked for the end by the control endpoint.</summary>
    public Task StopRequested => stopRequested.Task;

    /// <summary>Starts a registry.</summary>
    public static async Task<EmbeddedRegistry> StartAsync(RegistryOptions? options = null)
    {
        options ??= new RegistryOptions();
        var registry = new EmbeddedRegistry(options);
        var control = options.Control ? new ControlEndpoints(registry.core, () => registry.stopRequested.TrySetResult()) : null;
        var application = new RegistryApplication(registry.core, control);
        registry.server = await LoopbackServer.StartAsync(options, application.HandleAsync);
        return registry;
    }

    /// <summary>The digest a tag points to, or null.</summary>
    public string? DigestOf(string repository, string tag) => core.Repositories.Find(repository)?.DigestOfTag(tag);

    /// <summary>The tags of a repository in the order of their first push.</summary>
    public IReadOnlyList<string> TagsOf(string repository) => core.Repositories.Find(repository)?.TagNames() ?? [];

    /// <summary>True when the repository has the blob.</summary>
    public bool HasBlob(string repository, string digest) => core.Repositories.Find(repository)?.HasBlob(digest) ?? false;

    /// <summary>True when the repository has the manifest.</summary>
    public bool HasManifest(string repository, string digest) => core.Repositories.Find(repository)?.FindManifest(digest) is not null;

    /// <summary>Makes the registry lose a blob of one repository without a request; its manifests stay.</summary>
    public bool LoseBlob(string repository, string digest) => core.Repositories.UnlinkBlob(repository, digest);

    /// <summary>Puts an image in without a request.</summary>
    public async Task AddAsync(string repository, TestImage image, params string[] tags)
    {
        foreach (var blob in image.Blobs.Values)
        {
            await core.Blobs.AddAsync(blob);
            core.Repositories.LinkBlob(repository, ContentDigest.Of(blob));
        }

        foreach (var manifest in image.Manifests)
        {
            var stored = new StoredManifest(manifest.Digest, manifest.MediaType, manifest.Bytes, ManifestView.Parse(manifest.Bytes));
            core.Repositories.PutManifest(repository, stored, null);
            foreach (var tag in manifest == image.Root ? tags : [])
            {
                core.Repositories.PutManifest(repository, stored, tag);
            }
        }
    }

    /// <summary>Puts a blob of any size in whose noise is made while it is read; gives its digest.</summary>
    public async Task<string> AddSyntheticBlobAsync(string repository, long length, int seed = 1)
    {
        var blob = new SyntheticBlob(length, seed);
        await using var stream = blob.OpenRead();
        var digest = await ContentDigest.OfAsync(stream, "sha256:");
        core.Blobs.Add(digest, blob);
        core.Repositories.LinkBlob(repository, digest);
        return digest;
    }

    /// <summary>Puts an image in whose layers are synthetic and of the given sizes.</summary>
    public async Task<TestImage> AddSyntheticImageAsync(string repository, string tag, params long[] layerLengths)
    {
        var layers = new List<LayerDescriptor>();
        foreach (var length in layerLengths)
        {
            var digest = await AddSyntheticBlobAsync(repository, length, layers.Count + 1);
            layers.Add(new LayerDescriptor(MediaTypes.OciLayer, digest, length, digest));
        }

        var image = ManifestBuilder.WithForeignLayers(layers);
        await AddAsync(repository, image, tag);
        return image;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        core.Faults.Clear();
        if (server is not null)
        {
            await server.DisposeAsync();
        }

        await core.Uploads.ClearAsync();
        core.Dispose();
    }
}
