using System.Runtime.InteropServices;
using System.Security.Cryptography.X509Certificates;
using OciSync.Core.Connections;

namespace OciSync.Core.Certificates;

/// <summary>Our certificates in the Windows certificate store.</summary>
internal static class CertificateStore
{
    internal static X509Certificate2 Find(string thumbprint)
    {
        if (!RuntimeInformation.IsOSPlatform(OSPlatform.Windows))
        {
            throw CertificateDirectory.Fault(
                "Certificates are found by their thumbprint on Windows only. Give -ClientCertificatePath (a PEM or PFX file) instead.");
        }

        var wanted = new string(thumbprint.Where(c => !char.IsWhiteSpace(c)).ToArray());
        foreach (var location in new[] { StoreLocation.CurrentUser, StoreLocation.LocalMachine })
        {
            using var store = new X509Store(StoreName.My, location);
            store.Open(OpenFlags.ReadOnly | OpenFlags.OpenExistingOnly);
            var found = store.Certificates.Find(X509FindType.FindByThumbprint, wanted, validOnly: false);
            if (found.Count > 0)
            {
                return found[0].HasPrivateKey
                    ? found[0]
                    : throw CertificateDirectory.Fault($"The certificate '{wanted}' in Cert:\\{location}\\My has no private key.");
            }
        }

        throw CertificateDirectory.Fault($"The certificate '{wanted}' is neither in Cert:\\CurrentUser\\My nor in Cert:\\LocalMachine\\My.");
    }
}
