using Org.BouncyCastle.Asn1;

namespace OciSync.Core.Signing.Cryptography;

/// <summary>A text in an extension of a certificate.</summary>
internal static class DerText
{
    /// <summary>Reads a DER string of any kind.</summary>
    /// <exception cref="FormatException">It is something else.</exception>
    internal static string Read(byte[] der) => Der.Read(der, "a text", value => ((IAsn1String)value).GetString());
}
