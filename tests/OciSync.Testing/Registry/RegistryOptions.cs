using System.Security.Cryptography.X509Certificates;
using OciSync.Testing.Registry.Auth;

namespace OciSync.Testing.Registry;

/// <summary>How an <see cref="EmbeddedRegistry"/> is to be.</summary>
public sealed record RegistryOptions
{
    /// <summary>The port on 127.0.0.1; 0 for a free one.</summary>
    public int Port { get; init; }

    /// <summary>Keeps everything in this folder; without it in memory (blobs above 8 MiB in a temp folder).</summary>
    public string? Folder { get; init; }

    /// <summary>Blobs above this size are verified and then forgotten: HEAD finds them, GET doesn't.</summary>
    public long? DiscardBlobsAbove { get; init; }

    /// <summary>A limit for each body in both directions.</summary>
    public long? BytesPerSecond { get; init; }

    /// <summary>Serve https with this certificate (see <c>TestPki</c>).</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>With https, want a client certificate of this authority; without one the connection is ended.</summary>
    public X509Certificate2? ClientAuthority { get; init; }

    /// <summary>With https, offer HTTP/2 as well.</summary>
    public bool Http2 { get; init; } = true;

    /// <summary>Who may do what.</summary>
    public AuthOptions Auth { get; init; } = new();

    /// <summary>In what it differs from other registries.</summary>
    public RegistryDialect Dialect { get; init; } = new();

    /// <summary>Serve the control endpoints below <c>/_control/</c>.</summary>
    public bool Control { get; init; }

    /// <summary>Basic authorization with these users.</summary>
    public static RegistryOptions WithBasic(params RegistryUser[] users) =>
        new() { Auth = new AuthOptions { Mode = AuthMode.Basic, Users = users } };

    /// <summary>Token authorization with these users.</summary>
    public static RegistryOptions WithToken(bool anonymousPull, params RegistryUser[] users) =>
        new() { Auth = new AuthOptions { Mode = AuthMode.Token, Users = users, AnonymousPull = anonymousPull } };
}
