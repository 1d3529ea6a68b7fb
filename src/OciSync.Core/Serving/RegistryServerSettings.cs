using System.Net;
using System.Security.Cryptography.X509Certificates;
using OciSync.Core.Filling;

namespace OciSync.Core.Serving;

/// <summary>What a server of images serves, where, and to whom.</summary>
public sealed record RegistryServerSettings
{
    /// <summary>The full path of an OCI layout, a <c>dir:</c> folder, an unpacked archive, or a folder with such in it.</summary>
    public required string Path { get; init; }

    /// <summary>The address it listens on; <see cref="IPAddress.Any"/> or <see cref="IPAddress.IPv6Any"/> for all of this machine. Default: loopback.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>The port; 0 for any free one. Default: 5000.</summary>
    public int Port { get; init; } = 5000;

    /// <summary>The certificate, with its key, for https. Default: null, plain http.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>User names and passwords of which a client needs one. Default: none, everyone may read.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> ClientLogins { get; init; } = [];

    /// <summary>Whether others than this machine may read without https and without a login. Default: false.</summary>
    public bool AllowAnonymous { get; init; }

    /// <summary>
    /// Names under which it may be asked beside this machine's own, those of the certificate and addresses; wildcards as well. Default: none.
    /// </summary>
    public IReadOnlyList<string> HostNames { get; init; } = [];

    /// <summary>How many connections there may be at once. Default: 1000.</summary>
    public int MaxConnections { get; init; } = 1000;

    /// <summary>
    /// Registries, or namespaces of registries, from which is fetched what isn't in the folder, an OCI layout then. Default: none, nothing is
    /// fetched.
    /// </summary>
    public IReadOnlyList<string> Upstream { get; init; } = [];

    /// <summary>What of it may be fetched, as sync files choose it. Default: null, everything.</summary>
    public IReadOnlyList<FillEntry>? Choice { get; init; }

    /// <summary>How long a tag is answered from the folder before it is asked for upstream again. Default: an hour.</summary>
    public TimeSpan TagLifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>
    /// The bytes that the blobs of a folder which fetches may have together; beyond them images that were fetched go, those that were asked
    /// for longest ago first. Default: null, any.
    /// </summary>
    public long? MaximumSize { get; init; }

    /// <summary>The bytes of the disk that stay free: what would take of them is not fetched. Default: 1 GiB.</summary>
    public long MinimumFreeSpace { get; init; } = 1L << 30;

    internal bool IsLoopback => IPAddress.IsLoopback(Address);
}
