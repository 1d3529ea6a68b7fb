using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace OciSync.Core.Certificates;

/// <summary>The host names that a certificate is for (RFC 5280, 4.2.1.6: dNSName of subjectAltName).</summary>
internal static class CertificateNames
{
    private const string AlternativeNames = "2.5.29.17";
    private const byte Sequence = 0x30;
    private const byte DnsName = 0x82;

    internal static IReadOnlyList<string> Of(X509Certificate2 certificate) =>
        certificate.Extensions.Cast<X509Extension>().Where(e => e.Oid?.Value == AlternativeNames).SelectMany(e => Read(e.RawData)).ToList();

    /// <summary>The names of the extension's bytes, in DER; none of what can't be read.</summary>
    internal static IReadOnlyList<string> Read(byte[] der)
    {
        var names = new List<string>();
        if (ReadHead(der, 0) is not { } outer || outer.Tag != Sequence)
        {
            return names;
        }

        for (var at = outer.Start; at < outer.End && ReadHead(der, at) is { } item; at = item.End)
        {
            if (item.Tag == DnsName)
            {
                names.Add(Encoding.ASCII.GetString(der, item.Start, item.End - item.Start));
            }
        }

        return names;
    }

    // Tag and length; lengths of up to two bytes are enough for an extension.
    private static (byte Tag, int Start, int End)? ReadHead(byte[] der, int at)
    {
        if (at + 2 > der.Length)
        {
            return null;
        }

        var more = der[at + 1] < 0x80 ? 0 : der[at + 1] - 0x80;
        if (more > 2 || at + 2 + more > der.Length)
        {
            return null;
        }

        var length = more switch { 0 => der[at + 1], 1 => der[at + 2], _ => (der[at + 2] << 8) | der[at + 3] };
        var start = at + 2 + more;
        return start + length <= der.Length ? (der[at], start, start + length) : null;
    }
}
