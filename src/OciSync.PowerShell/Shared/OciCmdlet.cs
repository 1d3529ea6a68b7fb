using System.Management.Automation;
using OciSync.Core.AuthFiles;
using OciSync.Core.Engine;
using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Logins;
using OciSync.Core.References;
using OciSync.Core.Requests;
using OciSync.PowerShell.Errors;
using OciSync.PowerShell.Output;
using OciSync.PowerShell.Parameters;
using OciSync.PowerShell.Pipeline;
using OciSync.PowerShell.State;

namespace OciSync.PowerShell.Shared;

/// <summary>What all cmdlets that talk to a registry share: attempts, waiting times, the session's logins.</summary>
public abstract partial class OciCmdlet : AsyncCmdlet
{
    // No registry is called so.
    private const string Folders = "";

    private readonly Dictionary<string, OciEngine> _engines = new(StringComparer.Ordinal);
    private PipelineWriter? _writer;
    private string? _authFile;
    private string? _registriesConfigPath;

    /// <summary>Further attempts after a transient failure.</summary>
    [Parameter]
    [Alias("RetryCount", "RetryTimes")]
    [ValidateRange(0, 100)]
    public int MaximumRetryCount { get; set; } = 5;

    /// <summary>Seconds before the second attempt; the wait doubles from there, up to 30 s.</summary>
    [Parameter]
    [Alias("RetryDelay")]
    [ValidateRange(0, 3600)]
    public int RetryIntervalSec { get; set; } = 1;

    /// <summary>Seconds without progress after which a transfer is given up and tried again.</summary>
    [Parameter]
    [ValidateRange(1, 86400)]
    public int StallTimeoutSec { get; set; } = 60;

    /// <summary>The only file that logins are read from (and stored in).</summary>
    [Parameter]
    [Alias("AuthFile")]
    public string? AuthFilePath { get; set; }

    /// <summary>A registries.conf to use in place of those of the environment, the user and the machine.</summary>
    [Parameter]
    [Alias("RegistriesConf")]
    public string? RegistriesConfigPath { get; set; }

    /// <summary>Added to what requests call themselves (OciSync/version), so that logs of registries and proxies tell who asked.</summary>
    [Parameter]
    [ValidatePattern("^[\\x20-\\x7E]{1,200}$")]
    public string? UserAgentSuffix { get; set; }

    private protected virtual bool IsAnonymous => false;

    // A host of its own (an editor, a job) shows progress its own way; a console whose output goes to a file or pipe has nobody to show it to.
    private protected bool IsWatched => !GitHubActions.IsHere && !(Host.Name == "ConsoleHost" && Console.IsOutputRedirected);

    // Taken on the pipeline's thread: work on the pool doesn't know the runspace.
    private protected RunspaceState State { get; } = RunspaceState.Current;

    private protected RegistrySessions Sessions => State.Sessions;

    private protected virtual EngineOptions CreateOptions() => new()
    {
        MaximumRetryCount = MaximumRetryCount,
        RetryInterval = TimeSpan.FromSeconds(RetryIntervalSec),
        StallTimeout = TimeSpan.FromSeconds(StallTimeoutSec),
        AuthFilePath = _authFile,
        Anonymous = IsAnonymous,
        RegistriesConfigPath = _registriesConfigPath,
        UserAgentSuffix = UserAgentSuffix,
    };

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();

        // A path of PowerShell's is turned into one of the system here: work on the pool can't.
        _authFile = AuthFilePath is { Length: > 0 } path ? FullPath(path) : null;
        RequireAuthFile();
        _registriesConfigPath = FullPath(RegistriesConfigPath);
        BeginTrace();
    }

    /// <summary>The file of -AuthFilePath is made by this command where it is missing.</summary>
    private protected virtual bool MakesAuthFile => false;

    // Also where no login is looked up: what was misspelt today fails on the day that one is needed.
    private void RequireAuthFile()
    {
        try
        {
            if (_authFile is not null && !(MakesAuthFile && !File.Exists(_authFile)))
            {
                LoginStore.Require(_authFile);
            }
        }
        catch (OciException e)
        {
            ThrowTerminatingError(ErrorRecords.Create(e, AuthFilePath));
        }
    }

    /// <summary>A path of PowerShell's as one of the system; null stays null.</summary>
    private protected string? FullPath(string? path) => path is null ? null : new UserPaths(SessionState).Resolve(path);

    private protected OciEngine CreateEngine(
        EngineEvents events, IReadOnlyDictionary<string, RegistryCredential> credentials, CancellationToken cancellationToken) =>
        CreateEngine(events, credentials, [], cancellationToken);

    private protected OciEngine CreateEngine(
        EngineEvents events,
        IReadOnlyDictionary<string, RegistryCredential> credentials,
        IReadOnlyList<SyncRegistry> registries,
        CancellationToken cancellationToken) =>
        new(CreateOptions(), events, Sessions, credentials, registries, cancellationToken);

    private protected EngineEvents TellDecisions(PipelineWriter writer) => Trace(() => writer);

    /// <summary>
    /// Asks the registry of one reference; a failure is an error of its own. All questions of a cmdlet to one registry share its engine,
    /// and so its connections, its scheme and its tokens.
    /// </summary>
    private protected void Ask(
        ImageLocation reference, string input, RegistryCredential? credential, Func<OciEngine, PipelineWriter, CancellationToken, Task> question) =>
        Ask(reference.Registry ?? Folders, input, reference.Registry is null ? null : credential, question);

    /// <summary>The same for a registry as a whole.</summary>
    private protected void Ask(
        string registry, string input, RegistryCredential? credential, Func<OciEngine, PipelineWriter, CancellationToken, Task> question) =>
        Run(async (writer, token) =>
        {
            _writer = writer;
            try
            {
                await question(FindEngine(registry, credential), writer, token).ConfigureAwait(false);
            }
            catch (OciException e)
            {
                await writer.WriteErrorAsync(ErrorRecords.Create(e, input)).ConfigureAwait(false);
            }
        });

    /// <summary>Reads the place of an image; a path is made a full one, from PowerShell's current folder.</summary>
    /// <exception cref="ReferenceException">The text is none.</exception>
    /// <exception cref="OciException">Its transport is not supported.</exception>
    private protected ImageLocation ReadLocation(string text)
    {
        try
        {
            var paths = new UserPaths(SessionState);
            return ImageLocation.HasTransport(text)
                ? ImageLocation.Parse(text, paths.IsDrive).WithPaths(paths.Resolve, paths.IsDrive)
                : ImageLocation.Parse(text);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            // A path that the session can't resolve: what is wrong with it is said by who opens it.
            return ImageLocation.Parse(text);
        }
    }

    /// <summary>Reads a destination, with full paths; what is wrong with it is said when an image is to be named there.</summary>
    private protected GivenDestination ReadDestination(string text) => GivenDestination.Read(text, ReadLocation);

    /// <summary>Reads references; what is none becomes an error of its own, and the others go on.</summary>
    private protected IReadOnlyList<(ImageLocation Location, string Input)> ReadLocations(IEnumerable<string> inputs)
    {
        var references = new List<(ImageLocation, string)>();
        foreach (var input in inputs)
        {
            if (IsNoName(input, () => RefuseEmpty(input)))
            {
                continue;
            }

            try
            {
                var location = ReadLocation(input);
                if (location.Image is { } image)
                {
                    State.Seen.Add(image);
                    WarnOfSlip(input);
                }

                references.Add((location, input));
            }
            catch (Exception e) when (e is OciException or ReferenceException)
            {
                WriteError(ErrorRecords.Create(e, input));
            }
        }

        return references;
    }

    /// <summary>Says what a name is taken for that looks like a registry's; reading it does no harm.</summary>
    private protected void WarnOfSlip(string input)
    {
        if (HostSlip.Find(input) is { } slip)
        {
            WriteWarning($"'{input}' is taken for the image '{slip}' of Docker Hub. {HostSlip.Explain(input, "repository:tag")}.");
        }
    }

    /// <inheritdoc/>
    protected override ErrorRecord? ToErrorRecord(Exception exception) =>
        exception is OciException ? ErrorRecords.Create(exception, RegistriesConfigPath) : null;

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            foreach (var engine in _engines.Values)
            {
                engine.Dispose();
            }

            _engines.Clear();
            _trace?.Dispose();
        }

        base.Dispose(disposing);
    }

    // A login that was typed for one registry goes to no other.
    private void CheckOneRegistry(string registry)
    {
        if (_engines.Keys.FirstOrDefault(k => k != Folders) is { } first)
        {
            throw new OciException(
                OciErrorKind.CredentialAmbiguous,
                $"The login was given for '{first}' and is not sent to '{LoginText.Hide(registry)}'. Log in to each: Connect-OciRegistry <registry> "
                + "-Credential …");
        }
    }

    private OciEngine FindEngine(string registry, RegistryCredential? credential)
    {
        if (!_engines.TryGetValue(registry, out var engine))
        {
            var events = Trace(() => _writer);
            var credentials = new Dictionary<string, RegistryCredential>();
            if (credential is not null)
            {
                CheckOneRegistry(registry);
                credentials.Add(registry, credential);
            }

            engine = CreateEngine(events, credentials, CancellationToken.None);
            _engines.Add(registry, engine);
        }

        return engine;
    }
}
