using OciSync.Core.Auth;
using OciSync.Core.Connections;
using OciSync.Core.Diagnosis;
using OciSync.Core.Errors;
using OciSync.Core.Inspection;
using OciSync.Core.References;
using OciSync.Core.Registry;
using OciSync.Core.Syncing;

namespace OciSync.Core;

/// <summary>
/// The engine for one command: the registries it meets are connected once and keep their tokens until it is disposed. Safe for several
/// threads. Every method fails with an <see cref="OciException"/>, or is cancelled.
/// </summary>
public sealed class OciEngine : IDisposable
{
    private readonly RegistryPool _pool;

    /// <param name="options">Numbers that steer the work.</param>
    /// <param name="events">Who is told what is done.</param>
    /// <param name="sessions">Logins and connection settings of the user's session.</param>
    /// <param name="credentials">Credentials given for this command, by registry name; they go before all others.</param>
    /// <param name="cancellationToken">Ends all work.</param>
    public OciEngine(
        EngineOptions options,
        EngineEvents events,
        RegistrySessions sessions,
        IReadOnlyDictionary<string, RegistryCredential> credentials,
        CancellationToken cancellationToken)
    {
        var config = RegistriesConfig.Load(options.Places, options.RegistriesConfigPath);
        foreach (var note in config.Notes)
        {
            events.Warn(note);
        }

        var byHost = credentials.ToDictionary(c => config.Resolve(RegistryHost.Normalize(c.Key), string.Empty).Host, c => c.Value, StringComparer.Ordinal);
        _pool = new RegistryPool(
            options,
            events,
            config,
            sessions,
            [new HostCredentials(byHost), new SessionCredentials(sessions), new AuthFileCredentials(AuthFileCredentials.DefaultPath)],
            cancellationToken);
    }

    /// <summary>The host that stands for a registry by registries.conf; sessions are kept under this name.</summary>
    public static string ResolveHost(string registry, EngineOptions? options = null)
    {
        var host = RegistryHost.Normalize(registry.Trim().TrimEnd('/'));
        if (RegistryHost.FindFault(host) is { } fault)
        {
            throw new OciException(OciErrorKind.ReferenceInvalid, $"'{registry}' is not the name of a registry: {fault}.");
        }

        options ??= new EngineOptions();
        return RegistriesConfig.Load(options.Places, options.RegistriesConfigPath).Resolve(host, string.Empty).Host;
    }

    /// <summary>Checks that the registry answers and takes the credential at hand.</summary>
    public Task CheckLoginAsync(string registry, CancellationToken cancellationToken) =>
        _pool.GetConnection(RegistryHost.Normalize(registry)).CheckLoginAsync(cancellationToken);

    /// <summary>Goes the way to a registry, and to a repository of it, step by step; a failure is a row, not an exception.</summary>
    /// <param name="name"><c>host[:port][/repository[:tag]]</c>.</param>
    /// <param name="push">Also start an upload to the repository, and cancel it.</param>
    /// <param name="onRow">Told each step as it ends.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public Task DiagnoseAsync(string name, bool push, Action<OciRegistryCheck> onRow, CancellationToken cancellationToken)
    {
        var text = name.Trim().TrimEnd('/');
        if (!text.Contains('/'))
        {
            _ = ResolveHost(text, _pool.Options);
            var registry = _pool.GetConnection(RegistryHost.Normalize(text));
            return new RegistryDiagnosis(text, registry, null, _pool.FindCredentialSource(registry.Host, string.Empty), onRow).RunAsync(null, false, cancellationToken);
        }

        var reference = ImageReference.Parse(text);
        var client = _pool.GetClient(reference);
        var source = _pool.FindCredentialSource(client.Connection.Host, client.Repository);
        return new RegistryDiagnosis(reference.Registry, client.Connection, client, source, onRow)
            .RunAsync(reference.IsRepository ? null : reference.ManifestReference, push, cancellationToken);
    }

    /// <summary>The tags of a repository as the registry gives them: in any order, perhaps with names that are no tags.</summary>
    public Task<IReadOnlyList<string>> ListTagsAsync(ImageReference repository, CancellationToken cancellationToken) =>
        NameLister.ListTagsAsync(_pool.GetClient(repository), cancellationToken);

    /// <summary>The repositories a registry lists to us.</summary>
    public Task<IReadOnlyList<string>> ListRepositoriesAsync(string registry, CancellationToken cancellationToken) =>
        NameLister.ListRepositoriesAsync(_pool.GetConnection(RegistryHost.Normalize(registry)), cancellationToken);

    /// <summary>What an image is.</summary>
    public Task<OciImageInfo> InspectAsync(ImageReference reference, InspectOptions options, CancellationToken cancellationToken) =>
        new Inspector(_pool.GetSource(reference), reference, options).InspectAsync(cancellationToken);

    /// <summary>The bytes of a manifest, as text.</summary>
    public async Task<string> ReadManifestAsync(ImageReference reference, Platform? platform, CancellationToken cancellationToken) =>
        await new Inspector(_pool.GetSource(reference), reference, new InspectOptions { Platform = platform }).ReadRawAsync(cancellationToken).ConfigureAwait(false);

    /// <summary>The bytes of an image's config, as text.</summary>
    public async Task<string> ReadConfigAsync(ImageReference reference, Platform? platform, CancellationToken cancellationToken) =>
        await new Inspector(_pool.GetSource(reference), reference, new InspectOptions { Platform = platform }).ReadConfigAsync(cancellationToken).ConfigureAwait(false);

    /// <summary>The digest a reference points to, by a HEAD; with a platform, that of its manifest.</summary>
    public Task<string> FindDigestAsync(ImageReference reference, Platform? platform, CancellationToken cancellationToken) =>
        new Inspector(_pool.GetSource(reference), reference, new InspectOptions { Platform = platform }).FindDigestAsync(cancellationToken);

    /// <summary>Copies images. Every one is tried; what came of it is an outcome as soon as it is known.</summary>
    /// <param name="request">The images and names.</param>
    /// <param name="onOutcome">Called from pool threads, one call at a time for a row.</param>
    /// <param name="confirm">Asked once for each row that would change something, before its first write; null means yes.</param>
    /// <param name="cancellationToken">Stops the run.</param>
    public Task SyncAsync(
        SyncRequest request, Action<SyncOutcome> onOutcome, Func<OciSyncResult, Task<bool>>? confirm, CancellationToken cancellationToken) =>
        SyncRunner.RunAsync(request, _pool, onOutcome, confirm, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _pool.Dispose();
}
