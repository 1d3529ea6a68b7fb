using OciSync.Core.Errors;

namespace OciSync.Core.Diagnosis;

/// <summary>What to do about a failure, in one line.</summary>
internal static class Remedies
{
    internal static string For(OciErrorKind kind, string registry) => kind switch
    {
        OciErrorKind.CertificateUntrusted => $"Connect-OciRegistry {registry} -CertificatePath <CA file>, or certs.d/{registry}/ca.crt",
        OciErrorKind.ClientCertificateRefused => $"Connect-OciRegistry {registry} -ClientCertificatePath <file>",
        OciErrorKind.PlainHttp => $"Connect-OciRegistry {registry} -PlainHttp, or insecure = true in registries.conf",
        OciErrorKind.ProxyUnauthorized => $"Connect-OciRegistry {registry} -ProxyCredential (Get-Credential)",
        OciErrorKind.Unauthorized => $"Connect-OciRegistry {registry} -Credential (Get-Credential)",
        OciErrorKind.Forbidden => "Check the account's permissions and that the project exists.",
        OciErrorKind.RepositoryUnknown or OciErrorKind.ManifestUnknown => "Check the name of the repository; some registries want projects made first.",
        OciErrorKind.RateLimited => "Log in for a higher limit, or try later.",
        OciErrorKind.ServerError or OciErrorKind.ProtocolError => "Check that this is a registry and that it is well; its log may say more.",
        OciErrorKind.Timeout => "Check the network and the firewall, or give more time with -StallTimeoutSec.",
        _ => "Check the host's name and port, the network, the firewall and the proxy.",
    };
}
