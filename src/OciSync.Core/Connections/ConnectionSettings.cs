using System.Security;

namespace OciSync.Core.Connections;

/// <summary>How a registry is reached. The default is https with the machine's trusted certificates.</summary>
public sealed record ConnectionSettings
{
    /// <summary>https as usual.</summary>
    public static readonly ConnectionSettings Default = new();

    /// <summary>The registry speaks http.</summary>
    public bool PlainHttp { get; init; }

    /// <summary>Any certificate is accepted.</summary>
    public bool SkipCertificateCheck { get; init; }

    /// <summary>A PEM or DER file with further trusted CA certificates, or null.</summary>
    public string? CertificatePath { get; init; }

    /// <summary>A folder as one of <c>certs.d</c>: <c>*.crt</c> are CAs, <c>*.cert</c> with <c>*.key</c> is who we are. Null for certs.d.</summary>
    public string? CertificateDirectory { get; init; }

    /// <summary>Our own certificate: a PEM file (with <see cref="ClientKeyPath"/>, or the key in it) or a PFX file; or null.</summary>
    public string? ClientCertificatePath { get; init; }

    /// <summary>The PEM file with our certificate's key, or null.</summary>
    public string? ClientKeyPath { get; init; }

    /// <summary>The password of the PFX file, or null.</summary>
    public SecureString? ClientCertificatePassword { get; init; }

    /// <summary>The thumbprint of our certificate in the Windows certificate store, or null.</summary>
    public string? ClientCertificateThumbprint { get; init; }

    /// <summary>How the registry is reached through a proxy; null for what environment and system say.</summary>
    public ProxySettings? Proxy { get; init; }
}
