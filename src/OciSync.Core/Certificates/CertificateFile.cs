using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using OciSync.Core.Connections;
using OciSync.Core.Errors;

namespace OciSync.Core.Certificates;

/// <summary>Reads CA certificates from a PEM file (one or more) or a DER file.</summary>
internal static class CertificateFile
{
    private const string Begin = "-----BEGIN CERTIFICATE-----";
    private const string End = "-----END CERTIFICATE-----";

    /// <summary>The file has a certificate in text.</summary>
    internal static bool IsPem(string path)
    {
        try
        {
            return Encoding.ASCII.GetString(SettingsFile.ReadBytes(path)).Contains(Begin);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OciException(OciErrorKind.ConfigurationInvalid, $"The certificate file '{path}' can't be read: {e.Message}", e);
        }
    }

    internal static X509Certificate2Collection Read(string path)
    {
        try
        {
            var bytes = SettingsFile.ReadBytes(path);
            var text = Encoding.ASCII.GetString(bytes);
            var certificates = new X509Certificate2Collection();
            foreach (var der in text.Contains(Begin) ? ReadPem(text) : [bytes])
            {
                certificates.Add(Load(der));
            }

            return certificates;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or FormatException)
        {
            throw new OciException(OciErrorKind.ConfigurationInvalid, $"The certificate file '{path}' can't be read: {e.Message}", e);
        }
    }

    private static IEnumerable<byte[]> ReadPem(string text)
    {
        for (var begin = text.IndexOf(Begin, StringComparison.Ordinal); begin >= 0; begin = text.IndexOf(Begin, begin + 1, StringComparison.Ordinal))
        {
            var end = text.IndexOf(End, begin, StringComparison.Ordinal);
            if (end < 0)
            {
                throw new FormatException("a certificate has no end line");
            }

            yield return Convert.FromBase64String(text.Substring(begin + Begin.Length, end - begin - Begin.Length));
        }
    }

    private static X509Certificate2 Load(byte[] der) => new(der);
}
