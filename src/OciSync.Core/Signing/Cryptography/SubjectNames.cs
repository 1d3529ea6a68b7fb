using System.Net;
using System.Text;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.X509;

namespace OciSync.Core.Signing.Cryptography;

/// <summary>The alternative names of a certificate's subject (RFC 5280, 4.2.1.6), as written.</summary>
internal sealed class SubjectNames
{
    private const int Email = 1;
    private const int Dns = 2;
    private const int Uri = 6;
    private const int Ip = 7;

    private readonly IReadOnlyList<GeneralName> _names;

    private SubjectNames(IReadOnlyList<GeneralName> names) => _names = names;

    internal IEnumerable<string> Emails => Texts(Email);

    internal IEnumerable<string> Uris => Texts(Uri);

    internal IReadOnlyList<GeneralName> All => _names;

    private IEnumerable<string> Hosts => Texts(Dns);

    private IEnumerable<IPAddress> Addresses => _names.Where(n => n.TagNo == Ip)
        .Select(n => Asn1OctetString.GetInstance(n.Name).GetOctets()).Where(b => b.Length is 4 or 16).Select(b => new IPAddress(b));

    /// <summary>Reads the extension, or nothing where there is none.</summary>
    /// <exception cref="FormatException">It is another value, or a name in it is not ASCII.</exception>
    internal static SubjectNames Read(byte[]? extension)
    {
        if (extension is null)
        {
            return new SubjectNames([]);
        }

        return Der.Read(extension, "a list of names", value =>
        {
            var names = GeneralNames.GetInstance(value).GetNames();
            foreach (var name in names.Where(n => n.TagNo is Email or Dns or Uri))
            {
                if (DerIA5String.GetInstance(name.Name).GetOctets().Any(b => b is 0 or > 0x7E))
                {
                    throw new FormatException("a name of the certificate is not ASCII");
                }
            }

            return new SubjectNames(names);
        });
    }

    /// <summary>Whether it stands for a host: an address exactly, a name in any case, and <c>*</c> for one whole first part (RFC 6125).</summary>
    internal bool Fits(string host)
    {
        if (IPAddress.TryParse(host.TrimStart('[').TrimEnd(']'), out var address) && host.Any(c => c is '.' or ':'))
        {
            return Addresses.Contains(address);
        }

        var wanted = Parts(host);
        return wanted is not null && Hosts.Select(h => Parts(h, isPattern: true)).Any(h => h is not null && Fits(h, wanted));
    }

    private static bool Fits(string[] pattern, string[] host) => pattern.Length == host.Length
        && pattern.Zip(host, (p, h) => (p, h)).Select((pair, i) => (i == 0 && pair.p == "*") || pair.p == pair.h).All(fits => fits);

    private static string[]? Parts(string host, bool isPattern = false)
    {
        var parts = (host.EndsWith(".", StringComparison.Ordinal) && !isPattern ? host.Substring(0, host.Length - 1) : host).ToLowerInvariant().Split('.');
        return parts.Select((p, i) => (isPattern && i == 0 && p == "*" && parts.Length > 1) || IsLabel(p)).All(good => good) ? parts : null;
    }

    private static bool IsLabel(string part) =>
        part.Length > 0 && part[0] != '-' && part.All(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-' or '_');

    private IEnumerable<string> Texts(int kind) =>
        _names.Where(n => n.TagNo == kind).Select(n => Encoding.ASCII.GetString(DerIA5String.GetInstance(n.Name).GetOctets()));
}
