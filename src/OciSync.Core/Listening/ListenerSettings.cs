using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace OciSync.Core.Listening;

/// <summary>Where a server listens, and what it allows.</summary>
internal sealed record ListenerSettings
{
    /// <summary>Address and port; port 0 is any free one.</summary>
    internal required IPEndPoint EndPoint { get; init; }

    /// <summary>The certificate for https; null for plain http.</summary>
    internal X509Certificate2? Certificate { get; init; }

    /// <summary>How many connections there may be; further ones are closed at once.</summary>
    internal int MaxConnections { get; init; } = 1000;

    /// <summary>How long a request line with its headers, or a TLS handshake, may take to come in.</summary>
    internal TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a connection may be kept that asks nothing.</summary>
    internal TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The least bytes a second that a client has to take of an answer, once <see cref="Patience"/> is over.</summary>
    internal double MinBytesPerSecond { get; init; } = 1024;

    /// <summary>How long a client may take nothing of an answer.</summary>
    internal TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(60);
}
