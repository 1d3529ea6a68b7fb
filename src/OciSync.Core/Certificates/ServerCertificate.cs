using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OciSync.Core.Errors;
using OciSync.Core.Polyfills;

namespace OciSync.Core.Certificates;

/// <summary>The certificate of a server that is started here, with its key, from files.</summary>
public static class ServerCertificate
{
    /// <summary>Reads it.</summary>
    /// <param name="path">A PFX file, or a PEM file.</param>
    /// <param name="keyPath">The PEM file of the key; null when it is in the same file.</param>
    /// <param name="password">The password of a PFX file, or null.</param>
    /// <exception cref="OciException">It can't be read, or has no key.</exception>
    public static X509Certificate2 Read(string path, string? keyPath, string? password)
    {
        try
        {
            var certificate = CertificateFile.IsPem(path)
                ? PemPair.Read(path, keyPath ?? path)
                : new X509Certificate2(path, password, X509KeyStorageFlags.DefaultKeySet);
            return certificate.HasPrivateKey ? certificate : throw new CryptographicException("it has no private key");
        }
        catch (PlatformNotSupportedException e)
        {
            throw Fault(path, "Windows PowerShell 5.1 reads no PEM keys; make a PFX file of both (openssl pkcs12 -export)", e);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw Fault(path, e.Message, e);
        }
    }

    private static OciException Fault(string path, string fault, Exception inner) => new(
        OciErrorKind.ConfigurationInvalid,
        $"The server's certificate '{path}' can't be used: {fault.TrimEnd('.')}. Give a PFX file with its -CertificatePassword, or a PEM file with its "
            + "-CertificateKeyPath.",
        inner);
}
