using System.Collections.Concurrent;
using OciSync.Core.AuthFiles;
using OciSync.Core.Checking;
using OciSync.Core.Connections;
using OciSync.Core.Copying;
using OciSync.Core.Diagnosis;
using OciSync.Core.Errors;
using OciSync.Core.Finding;
using OciSync.Core.Flow;
using OciSync.Core.Http;
using OciSync.Core.Inspection;
using OciSync.Core.Logins;
using OciSync.Core.Places;
using OciSync.Core.References;
using OciSync.Core.Registry;
using OciSync.Core.Removing;
using OciSync.Core.Requests;
using OciSync.Core.Rows;
using OciSync.Core.Signing.Signers;
using OciSync.Core.Syncing;
using OciSync.Core.Tags;
using OciSync.Core.Text;
using OciSync.Core.Trust;

namespace OciSync.Core.Engine;

/// <summary>
/// The engine for one command: the registries it meets are connected once and keep their tokens until it is disposed. Safe for several
/// threads. Every method fails with an <see cref="OciException"/>, or is cancelled.
/// </summary>
public sealed class OciEngine : IDisposable
{
    private readonly RegistryPool _pool;
    private BlobChecks? _blobChecks;
    private readonly ImageRemover _remover;

    /// <summary>
    /// To be called as soon as it is known that an engine will be needed: what the first request of a process needs is then loaded on a thread of its own.
    /// Asks nobody anything.
    /// </summary>
    public static void Prepare() => FirstRequest.Begin();

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
        : this(options, events, sessions, credentials, [], cancellationToken)
    {
    }

    /// <param name="options">Numbers that steer the work.</param>
    /// <param name="events">Who is told what is done.</param>
    /// <param name="sessions">Logins and connection settings of the user's session.</param>
    /// <param name="credentials">Credentials given for this command, by registry name; they go before all others.</param>
    /// <param name="registries">What sync files say of registries: logins after those of the session, settings where the session has none.</param>
    /// <param name="cancellationToken">Ends all work.</param>
    public OciEngine(
        EngineOptions options,
        EngineEvents events,
        RegistrySessions sessions,
        IReadOnlyDictionary<string, RegistryCredential> credentials,
        IReadOnlyList<SyncRegistry> registries,
        CancellationToken cancellationToken)
    {
        var config = RegistriesConfig.Load(options.Places, options.RegistriesConfigPath);
        foreach (var note in config.Notes)
        {
            events.Warn(note);
        }

        var byHost = ByHost(config, credentials, "a login", _ => []);
        options = options with
        {
            RequestRates = ByHost(config, options.RequestRates, "a rate of requests", _ => []),
            AuthFiles = ByHost(config, options.AuthFiles, "a file of logins", r => config.FindMirrors(r, string.Empty, false).Select(m => m.Host)),
        };
        var ofFiles = new Dictionary<string, LoginRing>(StringComparer.Ordinal);
        foreach (var registry in registries.Where(r => r.Credentials.Count > 0))
        {
            var place = config.Resolve(RegistryHost.Normalize(registry.Registry), registry.Namespace);
            ofFiles[place.Repository.Length == 0 ? place.Host : place.Host + "/" + place.Repository] = new LoginRing(registry.Credentials);
        }

        _pool = new RegistryPool(
            options,
            events,
            config,
            sessions,
            registries,
            lifetime => CredentialSources.CreateFinder(options, events, sessions, byHost, ofFiles, lifetime),
            cancellationToken);
        _remover = new ImageRemover(_pool);
    }

    // What is given for registries, for the hosts that stand for them by registries.conf, and for further hosts that serve them.
    private static Dictionary<string, T> ByHost<T>(
        RegistriesConfig config, IReadOnlyDictionary<string, T> given, string what, Func<string, IEnumerable<string>> further)
        where T : class
    {
        var byHost = new Dictionary<string, T>(StringComparer.Ordinal);
        foreach (var one in given)
        {
            var (registry, value) = (RegistryHost.Normalize(one.Key), one.Value);
            var host = config.Resolve(registry, string.Empty).Host;
            byHost[host] = !byHost.TryGetValue(host, out var other) || other.Equals(value)
                ? value
                : throw new OciException(
                    OciErrorKind.CredentialAmbiguous,
                    $"'{registry}' is '{host}' by registries.conf, and so is another registry with {what} of its own. Log in to namespaces: "
                        + $"Connect-OciRegistry {host}/<namespace> -Credential …");
        }

        foreach (var one in given)
        {
            foreach (var host in further(RegistryHost.Normalize(one.Key)).Where(h => !byHost.ContainsKey(h)))
            {
                byHost.Add(host, one.Value);
            }
        }

        return byHost;
    }

    /// <summary>
    /// The key of a registry, or of a namespace of it: the host that stands for it by registries.conf, and the path there. Logins are kept
    /// under this name.
    /// </summary>
    public static string ResolveKey(string registry, EngineOptions? options = null)
    {
        var (host, path) = SplitKey(registry);
        options ??= new EngineOptions();
        var address = RegistriesConfig.Load(options.Places, options.RegistriesConfigPath).Resolve(host, path);
        return address.Repository.Length == 0 ? address.Host : address.Host + "/" + address.Repository;
    }

    /// <summary>Checks that the registry answers and takes the credential at hand for it, or for a namespace of it.</summary>
    public Task CheckLoginAsync(string registry, CancellationToken cancellationToken)
    {
        var (host, path) = SplitKey(registry);
        return _pool.CheckLoginAsync(host, path, cancellationToken);
    }

    /// <summary>Goes the way to a registry, and to a repository of it, step by step; a failure is a row, not an exception.</summary>
    /// <param name="name"><c>host[:port][/repository[:tag]]</c>.</param>
    /// <param name="push">Also start an upload to the repository, and cancel it.</param>
    /// <param name="onRow">Told each step as it ends; the next waits for it.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public async Task DiagnoseAsync(string name, bool push, Func<OciRegistryCheck, Task> onRow, CancellationToken cancellationToken)
    {
        var text = name.Trim().TrimEnd('/');
        var reference = text.Contains("/") ? ImageReference.Parse(text) : null;
        var client = reference is null ? null : _pool.GetClient(reference);
        var connection = client?.Connection ?? _pool.GetConnection(SplitKey(text).Host);
        var tag = reference is null || reference.IsRepository ? null : reference.ManifestReference;
        await new RegistryDiagnosis(reference?.Registry ?? text, connection, client, onRow).RunAsync(tag, push && reference is not null, cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>The tags of a repository as the registry gives them: in any order, perhaps with names that are no tags.</summary>
    public Task<IReadOnlyList<string>> ListTagsAsync(ImageReference repository, CancellationToken cancellationToken) =>
        NameLister.ListTagsAsync(_pool.GetClient(repository), cancellationToken);

    /// <summary>The tags of a repository, or of all in a folder, with a reason for each that the choice leaves out.</summary>
    public async Task<ChosenTags> ChooseTagsAsync(ImageLocation place, TagSelector selector, CancellationToken cancellationToken)
    {
        if (place.Image is not { } repository)
        {
            return await FolderTags.ChooseAsync(_pool, place, selector, cancellationToken).ConfigureAwait(false);
        }

        var client = _pool.GetClient(repository);
        var names = await NameLister.ListTagsAsync(client, cancellationToken).ConfigureAwait(false);
        return await TagChooser.ChooseAsync(client, repository, names, selector, _pool.Options.MaxConnectionsPerRegistry, cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>The repositories that a registry lists to us, in order.</summary>
    /// <param name="place">A registry, or registry/namespace.</param>
    /// <param name="include">Wildcards for paths; none means all.</param>
    /// <param name="exclude">Wildcards for what is left out.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    public Task<IReadOnlyList<OciRepository>> ListRepositoriesAsync(
        string place, IReadOnlyList<string> include, IReadOnlyList<string> exclude, CancellationToken cancellationToken) =>
        new CatalogueReader(place, include, exclude).ReadAsync(_pool, cancellationToken);

    /// <summary>What an image is.</summary>
    public Task<OciImageInfo> InspectAsync(ImageLocation reference, InspectOptions options, CancellationToken cancellationToken) =>
        new Inspector(_pool.GetSource(reference), reference, options).InspectAsync(cancellationToken);

    /// <summary>The bytes of a manifest, as text.</summary>
    public async Task<string> ReadManifestAsync(ImageLocation reference, Platform? platform, CancellationToken cancellationToken) =>
        await new Inspector(
            _pool.GetSource(reference), reference, new InspectOptions { Platform = platform }).ReadRawAsync(cancellationToken).ConfigureAwait(false);

    /// <summary>The bytes of an image's config, as text.</summary>
    public async Task<string> ReadConfigAsync(ImageLocation reference, Platform? platform, CancellationToken cancellationToken) =>
        await new Inspector(
            _pool.GetSource(reference), reference, new InspectOptions { Platform = platform }).ReadConfigAsync(cancellationToken).ConfigureAwait(false);

    /// <summary>The digest a reference points to, by a HEAD; with a platform, that of its manifest.</summary>
    public Task<string> FindDigestAsync(ImageLocation reference, Platform? platform, CancellationToken cancellationToken) =>
        new Inspector(_pool.GetSource(reference), reference, new InspectOptions { Platform = platform }).FindDigestAsync(cancellationToken);

    /// <summary>The images that a Helm chart in a registry names.</summary>
    public Task<FindOutcome> FindInChartAsync(ImageReference chart, FindOptions options, CancellationToken cancellationToken) =>
        new ChartPull(_pool.GetSource(chart), chart).FindAsync(options, cancellationToken);

    /// <summary>What lies at a path: an OCI layout, a folder with images in it, or an archive, which may be one of OCI and of Docker.</summary>
    /// <exception cref="OciException">Nothing, or what holds no images.</exception>
    public Task<IReadOnlyList<ImageLocation>> LocatePathAsync(string path) => CarriedPath.ReadAsync(_pool, path);

    /// <summary>
    /// Looks whether images are whole where they lie: one image, or all of a folder or archive. What is wrong is a row, with the failure
    /// that says so.
    /// </summary>
    /// <param name="location">The image, or the folder or archive.</param>
    /// <param name="options">How.</param>
    /// <param name="onRow">Told each image as it is done; the next waits for it.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public Task CheckAsync(
        ImageLocation location, CheckOptions options, Func<OciImageCheck, OciException?, Task> onRow, CancellationToken cancellationToken)
    {
        var blobs = LazyInitializer.EnsureInitialized(ref _blobChecks, () => new BlobChecks(options.Full, _pool.Lifetime))!;
        return new CheckRunner(_pool, options, blobs).RunAsync(location, onRow, cancellationToken);
    }

    /// <summary>The signatures that lie beside an image and its parts; nothing of them is checked.</summary>
    public Task<IReadOnlyList<OciSignature>> ReadSignaturesAsync(ImageLocation image, CancellationToken cancellationToken) =>
        SignatureReader.ReadAsync(_pool, image, cancellationToken);

    /// <summary>
    /// Checks the signatures of one image, or of all of a folder or archive. What is not trusted is a row, with the failure that says so.
    /// </summary>
    /// <param name="location">The image, or the folder or archive.</param>
    /// <param name="options">By what.</param>
    /// <param name="onRow">Told each manifest as it is done; the next waits for it.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public Task CheckSignaturesAsync(
        ImageLocation location, TrustCheckOptions options, Func<OciSignatureCheck, OciException?, Task> onRow, CancellationToken cancellationToken) =>
        new TrustChecker(_pool, options).RunAsync(location, onRow, cancellationToken);

    /// <summary>Signs an image that is there: its index and everything that this names. No layer is read.</summary>
    /// <param name="image">The image.</param>
    /// <param name="signing">Who signs.</param>
    /// <param name="confirm">Asked once, before the first signature, with how many there will be; true to go on.</param>
    /// <param name="onRow">Told each signature as it is there; the next waits for it.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public Task SignAsync(
        ImageLocation image, SigningOptions signing, Func<int, Task<bool>> confirm, Func<OciAddedSignature, Task> onRow, CancellationToken cancellationToken) =>
        new SignatureAdder(_pool, signing).RunAsync(image, confirm, onRow, cancellationToken);

    /// <summary>Copies images. Every one is tried; what came of it is an outcome as soon as it is known.</summary>
    /// <param name="request">The images and names.</param>
    /// <param name="onOutcome">Called from pool threads, one call at a time for a row.</param>
    /// <param name="confirm">Asked once for each row that would change something, before its first write; null means yes.</param>
    /// <param name="cancellationToken">Stops the run.</param>
    public Task SyncAsync(
        SyncRequest request, Action<SyncOutcome> onOutcome, Func<OciSyncResult, Task<bool>>? confirm, CancellationToken cancellationToken) =>
        SyncRunner.RunAsync(request, _pool, onOutcome, confirm, cancellationToken);

    /// <summary>Plans as a run that only reads, and counts what the registries that images come from would be asked for.</summary>
    /// <param name="request">The images and names.</param>
    /// <param name="quotas">Limits of pulls that were given; the others are those that registries have told.</param>
    /// <param name="onOutcome">Called from pool threads, one call at a time for a row.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<IReadOnlyList<OciPlanCost>> CostAsync(
        SyncRequest request, IReadOnlyList<PullQuota> quotas, Action<SyncOutcome> onOutcome, CancellationToken cancellationToken)
    {
        var sheet = new CostSheet();
        var sources = new ConcurrentDictionary<string, string>(StringComparer.Ordinal);
        await SyncRunner.RunAsync(
            request with { IsReadOnly = true },
            _pool,
            outcome =>
            {
                if (ImageReference.TryParse(outcome.Row.Source, out var source, out _))
                {
                    sources.TryAdd(_pool.GetClient(source!).Connection.Host, source!.Registry);
                }

                onOutcome(outcome);
            },
            null,
            cancellationToken,
            sheet).ConfigureAwait(false);
        return sources.OrderBy(s => s.Value, StringComparer.Ordinal).Select(s => PlanCosts.Of(s.Key, s.Value, sheet, quotas, _pool)).ToList();
    }

    /// <summary>Removes an image from its registry or its layout.</summary>
    /// <param name="reference">The image, with a tag, a digest or a name.</param>
    /// <param name="isReadOnly">Everything is read and asked, and nothing removed.</param>
    /// <param name="confirm">Asked before the removal, and again when other tags would go with it.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <returns>What was removed, or null when it was not confirmed.</returns>
    public Task<OciRemovedImage?> RemoveAsync(
        ImageLocation reference, bool isReadOnly, Func<RemovalQuestion, Task<bool>> confirm, CancellationToken cancellationToken) =>
        _remover.RunAsync(reference, isReadOnly, confirm, cancellationToken);

    /// <summary>The registries of this engine.</summary>
    internal RegistryPool Pool => _pool;

    /// <summary>How many things are done at the same time.</summary>
    internal int Limit => _pool.Options.ThrottleLimit;

    /// <inheritdoc/>
    public void Dispose() => _pool.Dispose();

    private static (string Host, string Path) SplitKey(string registry)
    {
        if (LoginText.FindFault(registry) is { } login)
        {
            throw new OciException(OciErrorKind.ReferenceInvalid, $"'{Printable.Text(LoginText.Hide(registry))}' is not the name of a registry: {login}.");
        }

        var name = AuthKeys.Normalize(registry);
        var slash = name.IndexOf('/');
        var (host, path) = slash < 0 ? (name, string.Empty) : (name.Substring(0, slash), name.Substring(slash + 1));
        var fault = RegistryHost.FindFault(host) ?? (slash < 0 ? null : RepositoryName.FindFault(path));
        return fault is null
            ? (host, path)
            : throw new OciException(OciErrorKind.ReferenceInvalid, $"'{Printable.Text(LoginText.Hide(registry))}' is not the name of a registry: {fault}.");
    }
}
