namespace OciSync.Core.Http;

/// <summary>Why a server's certificate was refused, and what helps (null: to name its CA).</summary>
internal sealed record CertificateRefusal(string Reason, string? Remedy);
