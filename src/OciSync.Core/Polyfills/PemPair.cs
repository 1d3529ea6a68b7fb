using System.Runtime.InteropServices;
using System.Security.Cryptography.X509Certificates;

namespace OciSync.Core.Polyfills;

/// <summary>A certificate and its key from PEM files.</summary>
internal static class PemPair
{
    internal static X509Certificate2 Read(string certificate, string key)
    {
#if NET
        var pair = X509Certificate2.CreateFromPemFile(certificate, key);
        if (!RuntimeInformation.IsOSPlatform(OSPlatform.Windows))
        {
            return pair;
        }

        // Schannel takes no key that exists in memory only.
        using (pair)
        {
            return new X509Certificate2(pair.Export(X509ContentType.Pkcs12));
        }
#else
        _ = RuntimeInformation.FrameworkDescription;
        throw new PlatformNotSupportedException(
            "Windows PowerShell 5.1 reads no PEM keys. Make a PFX file of both (openssl pkcs12 -export) and give it as -ClientCertificatePath");
#endif
    }
}
