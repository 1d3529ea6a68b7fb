using System.Collections.Concurrent;
using OciSync.Core.Auth;
using OciSync.Core.Connections;
using OciSync.Core.Flow;
using OciSync.Core.Folders;
using OciSync.Core.Images;
using OciSync.Core.Logins;
using OciSync.Core.References;
using OciSync.Core.Registry;
using OciSync.Core.Requests;
using OciSync.Core.Signing.Stores;

namespace OciSync.Core.Places;

/// <summary>The registries of one run, each connected once, and who we are there.</summary>
internal sealed class RegistryPool : IDisposable
{
    private readonly Dictionary<(string Host, bool Insecure), RegistryConnection> _connections = [];

    // By registry and repository, and what is asked of them; all tags of a repository share one.
    private readonly ConcurrentDictionary<(string Registry, string Repository, bool IsDestination), RegistryClient> _clients = new();
    private readonly ConcurrentDictionary<(string Registry, string Repository, bool ByDigest), RegistryClient> _sources = new();
    private readonly CancellationTokenSource _lifetime;
    private readonly RegistriesConfig _config;
    private readonly IReadOnlyList<SyncRegistry> _registries;
    private readonly RunContext _run;
    private readonly CredentialFinder _credentials;
    private readonly FolderStores _folders;
    private readonly ArchiveStores _archives;

    internal RegistryPool(
        EngineOptions options,
        EngineEvents events,
        RegistriesConfig config,
        RegistrySessions sessions,
        IReadOnlyList<SyncRegistry> registries,
        Func<CancellationToken, CredentialFinder> createFinder,
        CancellationToken cancellationToken)
    {
        _lifetime = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _run = new RunContext(options, events, sessions, _lifetime.Token);
        _config = config;
        _registries = registries;
        _credentials = createFinder(_lifetime.Token);
        _folders = new FolderStores(options, events, _lifetime.Token);
        Engines = new DockerEngines(options, events, _lifetime.Token);
        _archives = new ArchiveStores(options, events, Engines, _lifetime.Token);
        Signatures = new SignatureStores(_run, image => [.. GetMirrors(image), GetClient(image)], GetSource);
    }

    internal EngineOptions Options => _run.Options;

    internal EngineEvents Events => _run.Events;

    internal RegistrySessions Sessions => _run.Sessions;

    /// <summary>Manifests that need not be asked for; null in a run.</summary>
    internal KnownManifests? Known { get; set; }

    /// <summary>How Docker engines keep images.</summary>
    internal DockerEngines Engines { get; }

    /// <summary>How many images are worked on at a time.</summary>
    internal Window Images => _run.Images;

    /// <summary>Cancelled when the run ends: shared work (pings, tokens) stops then.</summary>
    internal CancellationToken Lifetime => _run.Lifetime;

    /// <summary>The client of a reference's repository, at the place registries.conf gives it.</summary>
    internal RegistryClient GetClient(ImageReference reference, bool isDestination = false)
    {
        var key = (reference.Registry, reference.Repository, isDestination);
        if (_clients.TryGetValue(key, out var known))
        {
            return known;
        }

        var address = _config.Resolve(reference.Registry, reference.Repository);
        return _clients.GetOrAdd(key, new RegistryClient(GetConnection(address), address.Repository, reference.Registry, reference.Repository)
        {
            IsDestination = isDestination,
            Known = Known,
        });
    }

    /// <summary>The signatures that lie beside images.</summary>
    internal SignatureStores Signatures { get; }

    /// <summary>The client a reference is read with: its mirrors go first. Lists of tags come from the registry itself.</summary>
    internal RegistryClient GetSource(ImageReference reference)
    {
        var key = (reference.Registry, reference.Repository, reference.Digest is not null);
        return _sources.TryGetValue(key, out var known) ? known : _sources.GetOrAdd(key, CreateSource(reference));
    }

    private RegistryClient CreateSource(ImageReference reference)
    {
        var (client, mirrors) = (GetClient(reference), GetMirrors(reference));
        return mirrors.Count == 0 ? client : client.WithMirrors(mirrors);
    }

    private List<RegistryClient> GetMirrors(ImageReference reference) =>
        [.. _config.FindMirrors(reference.Registry, reference.Repository, reference.Digest is not null)
            .Select(m => new RegistryClient(GetConnection(m), m.Repository, m.Host, m.Repository) { IsMirror = true })];

    /// <summary>The place that an image is read from: registry, folder, archive or Docker engine.</summary>
    internal IImageSource GetSource(ImageLocation location) => location.Image is { } image ? GetSource(image)
        : ArchiveStores.Has(location) ? _archives.GetSource(location) : GetFolder(location);

    /// <summary>The place that an image is written to: registry, folder, archive or Docker engine.</summary>
    internal IImageDestination GetDestination(ImageLocation location) => location.Image is { } image ? GetClient(image, isDestination: true)
        : ArchiveStores.Has(location) ? _archives.GetDestination(location) : _folders.Get(location, Options.DestinationBlobPath);

    /// <summary>How often registries were asked for manifests.</summary>
    internal RequestCounts Counts => _run.Counts;

    /// <summary>A folder of images, to be read.</summary>
    internal FolderStore GetFolder(ImageLocation location) => _folders.Get(location, Options.SourceBlobPath);

    /// <summary>Lets the folders go that were written: others may remove what is in them.</summary>
    internal void EndFolderUse() => _folders.EndUse();

    /// <summary>The connection of a registry as a whole.</summary>
    internal RegistryConnection GetConnection(string registry) => GetConnection(_config.Resolve(registry, string.Empty));

    /// <summary>Checks that a registry answers and takes the login for it, or for a namespace of it.</summary>
    internal Task CheckLoginAsync(string registry, string path, CancellationToken cancellationToken)
    {
        var address = _config.Resolve(registry, path);
        return GetConnection(address).CheckLoginAsync(address.Repository, cancellationToken);
    }

    public void Dispose()
    {
        _lifetime.Cancel();
        lock (_connections)
        {
            foreach (var connection in _connections.Values)
            {
                connection.Dispose();
            }

            _connections.Clear();
        }

        Signatures.Dispose();
        _folders.Dispose();
        _archives.Dispose();
        _lifetime.Dispose();
    }

    // The session first, then a sync file, then registries.conf.
    private (ConnectionSettings Settings, bool Insecure) FindSettings(RegistryAddress address)
    {
        var files = _registries.Where(r => _config.Resolve(RegistryHost.Normalize(r.Registry), string.Empty).Host == address.Host).ToList();
        var folder = files.Select(r => r.CertificateDirectory).LastOrDefault(f => f is not null);
        var settings = Sessions.Find(address.Host)?.Settings
            ?? (folder is null ? ConnectionSettings.Default : ConnectionSettings.Default with { CertificateDirectory = folder });
        return (settings, files.LastOrDefault(r => r.TlsVerify is not null)?.TlsVerify is { } verify ? !verify : address.Insecure);
    }

    private RegistryConnection GetConnection(RegistryAddress address)
    {
        lock (_connections)
        {
            var key = (address.Host, address.Insecure);
            if (!_connections.TryGetValue(key, out var connection))
            {
                var (settings, insecure) = FindSettings(address);
                connection = new RegistryConnection(address.Host, insecure, settings, _credentials, _run);
                _connections.Add(key, connection);
            }

            return connection;
        }
    }
}
