using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.X509;

namespace OciSync.Core.Signing.Cryptography;

/// <summary>Parts of a distinguished name, as a policy wants them of a subject: <c>C=US, ST=WA, O=example</c> (RFC 4514).</summary>
internal sealed class SubjectParts
{
    private readonly IReadOnlyList<(string Id, string Value)> _wanted;

    private SubjectParts(IReadOnlyList<(string Id, string Value)> wanted) => _wanted = wanted;

    /// <summary>Reads a name.</summary>
    /// <exception cref="FormatException">It is none, or names one part twice.</exception>
    internal static SubjectParts Read(string text)
    {
        try
        {
            var parts = PartsOf(new X509Name(text));
            return parts.Count > 0 && parts.Select(p => p.Id).Distinct(StringComparer.Ordinal).Count() == parts.Count
                ? new SubjectParts(parts) : throw new FormatException($"'{Core.Text.Printable.Text(text)}' names a part twice, or none");
        }
        catch (Exception e) when (e is not (FormatException or OutOfMemoryException))
        {
            // The library says in several ways that it is no name.
            throw new FormatException($"'{Core.Text.Printable.Text(text)}' is no name of a subject such as C=US, ST=WA, O=example", e);
        }
    }

    /// <summary>Whether the subject of a certificate has all of them.</summary>
    internal bool AreIn(Certificate certificate)
    {
        var parts = PartsOf(X509Name.GetInstance(Asn1Object.FromByteArray(certificate.Subject)));
        return _wanted.All(parts.Contains);
    }

    private static List<(string Id, string Value)> PartsOf(X509Name name) =>
        [.. name.GetOidList().Zip(name.GetValueList(), (id, value) => (id.Id, value))];
}
