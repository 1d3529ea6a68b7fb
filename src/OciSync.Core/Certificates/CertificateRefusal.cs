namespace OciSync.Core.Certificates;

/// <summary>Why a server's certificate was refused, and what helps (null: to name its CA).</summary>
internal sealed record CertificateRefusal(string Reason, string? Remedy)
{
    /// <summary>The host when it isn't the registry's own but one that the registry sends us to; or null.</summary>
    internal string? Elsewhere { get; init; }
}
