namespace OciSync.Testing.Servers;

/// <summary>How a real docker-registry is set up.</summary>
public enum DockerRegistryMode
{
    /// <summary>http, everybody may do everything.</summary>
    Plain,

    /// <summary>http, nothing can be deleted.</summary>
    NoDelete,

    /// <summary>https with a certificate of an authority of its own.</summary>
    Tls,

    /// <summary>https that wants a client certificate of its authority.</summary>
    TlsClient,

    /// <summary>http with Basic logins.</summary>
    Htpasswd,

    /// <summary>http with tokens; anybody may pull.</summary>
    Token,
}
