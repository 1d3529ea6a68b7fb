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
}
