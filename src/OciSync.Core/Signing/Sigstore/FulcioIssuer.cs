using System.Text;
using OciSync.Core.Signing.Cryptography;

namespace OciSync.Core.Signing.Sigstore;

/// <summary>Who knew the person to whom Fulcio gave a certificate: two extensions of it (Fulcio's oid-info.md).</summary>
internal static class FulcioIssuer
{
    private const string Old = "1.3.6.1.4.1.57264.1.1";
    private const string New = "1.3.6.1.4.1.57264.1.8";

    /// <summary>The OIDC issuer.</summary>
    /// <exception cref="FormatException">It isn't said, or two of them are.</exception>
    internal static string Read(Certificate certificate)
    {
        var old = certificate.ReadExtension(Old) is { } raw ? Encoding.UTF8.GetString(raw) : null;
        var current = certificate.ReadExtension(New) is { } der ? DerText.Read(der) : null;
        return old is not null && current is not null && old != current
            ? throw new FormatException("the certificate names two OIDC issuers")
            : current ?? old ?? throw new FormatException("the certificate names no OIDC issuer: it is none of Fulcio's");
    }
}
