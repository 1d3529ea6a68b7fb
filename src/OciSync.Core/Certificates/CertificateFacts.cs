using System.Security.Cryptography.X509Certificates;

namespace OciSync.Core.Certificates;

/// <summary>What a server's certificate says of itself.</summary>
internal sealed record CertificateFacts(string Subject, string Issuer, DateTime NotAfter)
{
    internal static CertificateFacts Of(X509Certificate certificate)
    {
        using var copy = new X509Certificate2(certificate);
        return new CertificateFacts(copy.Subject, copy.Issuer, copy.NotAfter);
    }
}
