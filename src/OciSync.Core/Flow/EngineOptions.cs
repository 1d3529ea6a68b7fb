namespace OciSync.Core.Flow;

/// <summary>
/// How the engine works: limits, waiting times, places of files, and who it says it is. Nothing here says what is copied. The defaults are those
/// that the cmdlets have and document; none is read from the environment here.
/// </summary>
public sealed record EngineOptions
{
    private static readonly string OwnUserAgent = "OciSync/" + typeof(EngineOptions).Assembly.GetName().Version?.ToString(3);

    /// <summary>How many images are worked on at the same time, from 1, where registries are near. Default: 8.</summary>
    public int ThrottleLimit { get; init; } = 8;

    /// <summary>How many images are worked on at the same time at most, where registries are far away. Default: null, as many as near by.</summary>
    public int? FarThrottleLimit { get; init; }

    /// <summary>
    /// How many blobs are transferred at the same time with one registry that is near, from 1; without a login 3 at most with Docker Hub. Default: 6.
    /// </summary>
    public int MaxConnectionsPerRegistry { get; init; } = 6;

    /// <summary>How many blobs are transferred at the same time at most, with a registry that is far away. Default: null, as many as near by.</summary>
    public int? FarConnectionsPerRegistry { get; init; }

    /// <summary>The bytes a second that blobs may take in each direction, with all registries together. Default: null, no limit.</summary>
    public long? BandwidthLimit { get; init; }

    /// <summary>How many requests each registry may get that <see cref="RequestRates"/> doesn't name. Default: null, no limit.</summary>
    public RequestRate? RequestRate { get; init; }

    /// <summary>How many requests a registry may get, by its name. Default: none is limited.</summary>
    public IReadOnlyDictionary<string, RequestRate> RequestRates { get; init; } = new Dictionary<string, RequestRate>();

    /// <summary>Where the pace of requests is kept for engines that follow one another. Default: null, each engine keeps its own.</summary>
    public RequestPaces? Paces { get; init; }

    /// <summary>How often a request is repeated after a failure that may pass; 0 for never. Default: 5.</summary>
    public int MaximumRetryCount { get; init; } = 5;

    /// <summary>
    /// The wait before the second attempt. It doubles from attempt to attempt up to 30 s, with jitter; what a registry asks for
    /// (<c>Retry-After</c>, RFC 9110, 10.2.3) goes before. Default: 1 s.
    /// </summary>
    public TimeSpan RetryInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a request may go without progress; then it fails with <c>OciTimeout</c>, and is tried again. Default: 60 s.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long one image may take, with all attempts; then it fails with <c>OciTimeout</c>. Default: null, no limit.</summary>
    public TimeSpan? ImageTimeout { get; init; }

    /// <summary>How long the whole run may take; images that are not done then fail with <c>OciTimeout</c>. Default: null, no limit.</summary>
    public TimeSpan? RunTimeout { get; init; }

    /// <summary>The longest <c>Retry-After</c> of a registry that is waited for; where it asks for more, the request fails at once. Default: 120 s.</summary>
    public TimeSpan LongestRetryAfter { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>
    /// The bytes of one PATCH where a registry takes uploads in chunks alone (distribution-spec, "Pushing a blob in chunks"). Default: 16
    /// MiB.
    /// </summary>
    public int ChunkSize { get; init; } = 16 * 1024 * 1024;

    /// <summary>From how many bytes a blob is uploaded in chunks, so that an upload that breaks off can go on where it was. Default: 256 MiB.</summary>
    public long ResumeThreshold { get; init; } = 256L * 1024 * 1024;

    /// <summary>The folder in which it is noted how far such uploads are. Default: null, a folder in the user's cache.</summary>
    public string? StatePath { get; init; }

    /// <summary>The bytes of one PATCH of such an upload. Default: 64 MiB.</summary>
    internal long ResumeChunkSize { get; init; } = 64L * 1024 * 1024;

    /// <summary>
    /// The bytes of one part of a blob that is read in several at a time: with an answer that takes 300 ms, a request for less is mostly waiting.
    /// Default: 4 MiB.
    /// </summary>
    internal int PartSize { get; init; } = 4 * 1024 * 1024;

    /// <summary>On how many pages a list of names may come; on more it does not end. Default: 10,000.</summary>
    internal int LongestList { get; init; } = 10_000;

    /// <summary>
    /// The registries.conf that is read (containers-registries.conf(5)). Default: null, those that the environment, the user and the machine have.
    /// </summary>
    public string? RegistriesConfigPath { get; init; }

    /// <summary>
    /// The folder that says where signatures of images are (containers-registries.d(5)). Default: null, the user's, or else the machine's.
    /// </summary>
    public string? RegistriesDirectoryPath { get; init; }

    /// <summary>
    /// The folder for layers while they are converted, for archives while they are unpacked, and for images of a Docker engine. Default: null, the
    /// system's temporary folder.
    /// </summary>
    public string? TempPath { get; init; }

    /// <summary>The folder that layouts that are read (<c>oci:</c>) share their blobs in. Default: null, each layout's own <c>blobs</c>.</summary>
    public string? SourceBlobPath { get; init; }

    /// <summary>The folder that layouts that are written (<c>oci:</c>) share their blobs in. Default: null, each layout's own <c>blobs</c>.</summary>
    public string? DestinationBlobPath { get; init; }

    /// <summary>The <c>User-Agent</c> of every request: OciSync/version, and <see cref="UserAgentSuffix"/>.</summary>
    public string UserAgent => UserAgentSuffix is { Length: > 0 } suffix ? OwnUserAgent + " " + suffix.Trim() : OwnUserAgent;

    /// <summary>What is added to <see cref="UserAgent"/>, in visible characters of ASCII. Default: null, nothing.</summary>
    public string? UserAgentSuffix { get; init; }

    /// <summary>How many blobs are transferred at the same time with a registry: Docker Hub lets those without a login have fewer.</summary>
    internal Window ConnectionsFor(string host, bool anonymous, TimeSpan? distance = null)
    {
        if (anonymous && host == References.RegistryHost.DockerHub)
        {
            var few = Math.Min(3, MaxConnectionsPerRegistry);
            return new Window(few, few);
        }

        var window = new Window(MaxConnectionsPerRegistry, FarConnectionsPerRegistry ?? MaxConnectionsPerRegistry);
        if (distance is { } known)
        {
            // It is no stranger: as many again at once, if the distance wants that.
            for (var i = 0; i < MaxConnectionsPerRegistry; i++)
            {
                window.Report(host, known);
            }
        }

        return window;
    }

    /// <summary>How many blobs of an image are asked for at a time: those that are transferred, and a few whose place is being asked for.</summary>
    internal int BlobsAtATime(bool far) =>
        (far && FarConnectionsPerRegistry is { } most ? Math.Max(most, MaxConnectionsPerRegistry) : MaxConnectionsPerRegistry) + 2;

    /// <summary>
    /// The only file that logins are read from (containers-auth.json(5)). Default: null, the places where docker, podman and skopeo keep
    /// them.
    /// </summary>
    public string? AuthFilePath { get; init; }

    /// <summary>
    /// Registries whose logins are read from one file alone, by their names, in place of <see cref="AuthFilePath"/> and the usual places; their
    /// mirrors are read with the same file. Default: none.
    /// </summary>
    public IReadOnlyDictionary<string, string> AuthFiles { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether no logins are used but those that were given to the command itself. Default: false.</summary>
    public bool Anonymous { get; init; }

    /// <summary>Whether an archive takes the place of a file that is there; otherwise the file is kept and the image fails. Default: false.</summary>
    public bool Overwrite { get; init; }

    /// <summary>
    /// The address of the Docker engine: unix://, npipe://, tcp:// or http(s)://. Default: null, that of <c>DOCKER_HOST</c>, or the
    /// system's usual one.
    /// </summary>
    public string? DaemonHost { get; init; }

    /// <summary>The address of the Docker engine that images are read from. Default: null, that of <see cref="DaemonHost"/>.</summary>
    public string? SourceDaemonHost { get; init; }

    /// <summary>
    /// The folder with <c>ca.pem</c>, <c>cert.pem</c> and <c>key.pem</c> for a Docker engine that is reached by TLS. Default: null, that of
    /// <c>DOCKER_CERT_PATH</c>.
    /// </summary>
    public string? DaemonCertificateDirectory { get; init; }

    /// <summary>The environment variables and the home folder of the user. Default: those of the process.</summary>
    internal Machine.UserEnvironment Environment { get; init; } = Machine.UserEnvironment.Current;

    /// <summary>How long a credential helper may take; then it is ended, and it counts as failed. Default: 30 s.</summary>
    internal TimeSpan HelperTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How the addresses of a host name are found. Default: as the system does.</summary>
    internal Func<string, CancellationToken, Task<System.Net.IPAddress[]>> Resolve { get; init; } = Polyfills.HostAddresses.FindAsync;

    /// <summary>Where the machine has its settings: registries.conf, certs.d, proxies. Default: as the process sees them.</summary>
    internal Machine.MachinePlaces Places { get; init; } = Machine.MachinePlaces.Current();

    /// <summary>Where the time comes from, for waits, limits and records. Default: the system's clock.</summary>
    internal TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>A number from 0 up to 1 for the jitter of waits; asked for by several threads at once.</summary>
    internal Func<double> Jitter { get; init; } = Chance.Shared.Next;
}
