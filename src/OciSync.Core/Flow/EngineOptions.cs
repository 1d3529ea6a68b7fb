namespace OciSync.Core.Flow;

/// <summary>Numbers that steer a run; the defaults are the documented ones.</summary>
public sealed record EngineOptions
{
    private static readonly string OwnUserAgent = "OciSync/" + typeof(EngineOptions).Assembly.GetName().Version?.ToString(3);

    /// <summary>Images worked on at the same time.</summary>
    public int ThrottleLimit { get; init; } = 8;

    /// <summary>Blob transfers at the same time with one registry.</summary>
    public int MaxConnectionsPerRegistry { get; init; } = 6;

    /// <summary>Bytes a second that blobs may take in each direction, of all registries together; null for no limit.</summary>
    public long? BandwidthLimit { get; init; }

    /// <summary>Further attempts after a transient failure.</summary>
    public int MaximumRetryCount { get; init; } = 5;

    /// <summary>The first wait between attempts; it doubles, with jitter, up to 30 s.</summary>
    public TimeSpan RetryInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A transfer without progress for so long is given up (and tried again).</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>An image that is not done by then fails; null for no limit.</summary>
    public TimeSpan? ImageTimeout { get; init; }

    /// <summary>What of a run is not done by then fails; null for no limit.</summary>
    public TimeSpan? RunTimeout { get; init; }

    /// <summary>The longest <c>Retry-After</c> that is waited for.</summary>
    public TimeSpan LongestRetryAfter { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>The size of one PATCH where a registry wants chunks, in bytes.</summary>
    public int ChunkSize { get; init; } = 16 * 1024 * 1024;

    /// <summary>Blobs of so many bytes and more are uploaded in chunks, so that an upload that breaks off can go on.</summary>
    public long ResumeThreshold { get; init; } = 256L * 1024 * 1024;

    /// <summary>Where it is noted how far such uploads are; null for the user's cache folder.</summary>
    public string? StatePath { get; init; }

    /// <summary>The size of one PATCH of such an upload.</summary>
    internal long ResumeChunkSize { get; init; } = 64L * 1024 * 1024;

    /// <summary>The registries.conf to use in place of those of the environment, the user and the machine; null for these.</summary>
    public string? RegistriesConfigPath { get; init; }

    /// <summary>
    /// Where layers are kept while they are converted, archives while they are unpacked, and images of a Docker engine; null for the
    /// system's temporary folder.
    /// </summary>
    public string? TempPath { get; init; }

    /// <summary>Where the blobs of <c>oci:</c> sources are, shared by several layouts; null for the layout's own folder.</summary>
    public string? SourceBlobPath { get; init; }

    /// <summary>Where the blobs of <c>oci:</c> destinations go, shared by several layouts; null for the layout's own folder.</summary>
    public string? DestinationBlobPath { get; init; }

    /// <summary>What requests call themselves.</summary>
    public string UserAgent => UserAgentSuffix is { Length: > 0 } suffix ? OwnUserAgent + " " + suffix.Trim() : OwnUserAgent;

    /// <summary>Added to what requests call themselves: visible characters of ASCII; or null.</summary>
    public string? UserAgentSuffix { get; init; }

    /// <summary>Docker Hub serves the nameless less.</summary>
    internal int ConnectionsFor(string host, bool anonymous) =>
        anonymous && host == References.RegistryHost.DockerHub ? Math.Min(3, MaxConnectionsPerRegistry) : MaxConnectionsPerRegistry;

    /// <summary>The only file that logins are read from, or null for the usual places.</summary>
    public string? AuthFilePath { get; init; }

    /// <summary>
    /// Registries whose logins are read from one file alone, by their names, in place of <see cref="AuthFilePath"/> and the usual places; their
    /// mirrors are read with the same file.
    /// </summary>
    public IReadOnlyDictionary<string, string> AuthFiles { get; init; } = new Dictionary<string, string>();

    /// <summary>No logins but those given for the command.</summary>
    public bool Anonymous { get; init; }

    /// <summary>An archive takes the place of a file that is there.</summary>
    public bool Overwrite { get; init; }

    /// <summary>The address of the Docker engine, or null for <c>DOCKER_HOST</c> and the system's usual one.</summary>
    public string? DaemonHost { get; init; }

    /// <summary>The address of the Docker engine that images are read from, where it is another one than <see cref="DaemonHost"/>; or null.</summary>
    public string? SourceDaemonHost { get; init; }

    /// <summary>The folder with <c>ca.pem</c>, <c>cert.pem</c> and <c>key.pem</c> for the Docker engine, or null for <c>DOCKER_CERT_PATH</c>.</summary>
    public string? DaemonCertificateDirectory { get; init; }

    /// <summary>The user's environment.</summary>
    internal Machine.UserEnvironment Environment { get; init; } = Machine.UserEnvironment.Current;

    /// <summary>A credential helper that takes longer is ended.</summary>
    internal TimeSpan HelperTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The addresses of a host name.</summary>
    internal Func<string, CancellationToken, Task<System.Net.IPAddress[]>> Resolve { get; init; } = Polyfills.HostAddresses.FindAsync;

    /// <summary>Environment and folders of the machine.</summary>
    internal Machine.MachinePlaces Places { get; init; } = Machine.MachinePlaces.Current();

    /// <summary>Where time comes from.</summary>
    internal TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>A number from 0 up to 1 for the jitter of waits; asked for by several threads at once.</summary>
    internal Func<double> Jitter { get; init; } = Chance.Shared.Next;
}
