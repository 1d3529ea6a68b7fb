using System.Globalization;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Pkix;

namespace OciSync.Core.Signing.Cryptography;

/// <summary>
/// The way from a certificate to one that is trusted (RFC 5280, 6), as Go's library goes it for code signing: each of them valid at one moment, each
/// issued by the next, which may issue. Revocation is not looked at: it wants a network.
/// </summary>
internal sealed class CertificateChain
{
    private const int MostTried = 100;
    private const int Longest = 10;
    private const string CodeSigning = "1.3.6.1.5.5.7.3.3";
    private const string AnyUsage = "2.5.29.37.0";
    private const string Constraints = "2.5.29.30";

    // Basic constraints, key usage, alternative names, constraints of names, policies and their constraints, extended key usage.
    private static readonly HashSet<string> Understood =
        ["2.5.29.19", "2.5.29.15", "2.5.29.17", Constraints, "2.5.29.32", "2.5.29.36", "2.5.29.37"];

    // RSA (PKCS#1 v1.5 and PSS) and ECDSA with SHA-256, 384 and 512, and Ed25519; MD5 and SHA-1 are broken.
    private static readonly HashSet<string> Algorithms =
    [
        "1.2.840.113549.1.1.11", "1.2.840.113549.1.1.12", "1.2.840.113549.1.1.13", "1.2.840.113549.1.1.10",
        "1.2.840.10045.4.3.2", "1.2.840.10045.4.3.3", "1.2.840.10045.4.3.4", "1.3.101.112",
    ];

    private readonly IReadOnlyList<Certificate> _between;
    private readonly IReadOnlyList<Certificate> _roots;
    private readonly DateTimeOffset _moment;
    private readonly string _usage;
    private int _tried;
    private string? _fault;

    private CertificateChain(IReadOnlyList<Certificate> between, IReadOnlyList<Certificate> roots, DateTimeOffset moment, string usage)
    {
        _between = between;
        _roots = roots;
        _moment = moment;
        _usage = usage;
    }

    /// <summary>The certificates from the first to the trusted one, or null where there is no such way.</summary>
    /// <param name="first">The certificate of the signer.</param>
    /// <param name="between">Certificates that may stand between; nothing of them is trusted.</param>
    /// <param name="roots">Certificates that are trusted.</param>
    /// <param name="moment">When all of them have to be valid.</param>
    /// <param name="fault">Why there is none, as a sentence without its end.</param>
    /// <param name="usage">The extended key usage that they have to allow, where they limit it.</param>
    internal static IReadOnlyList<Certificate>? Find(
        Certificate first, IReadOnlyList<Certificate> between, IReadOnlyList<Certificate> roots, DateTimeOffset moment, out string? fault,
        string usage = CodeSigning)
    {
        var search = new CertificateChain(between, roots, moment, usage);
        fault = search.FindFault(first);
        var chain = fault is not null ? null
            : roots.Any(first.Is) && search.AllowsUsage([first]) ? [first]
            : search.Extend([first]);
        fault ??= chain is null ? search._fault ?? "no trusted authority issued the certificate" : null;
        return chain;
    }

    private IReadOnlyList<Certificate>? Extend(IReadOnlyList<Certificate> chain)
    {
        var last = chain[chain.Count - 1];
        foreach (var root in _roots.Where(r => Named(r, last)))
        {
            if (Accepts(chain, root, isRoot: true) && AllowsUsage([.. chain, root]))
            {
                return [.. chain, root];
            }
        }

        foreach (var parent in chain.Count >= Longest ? [] : _between.Where(p => Named(p, last) && !chain.Any(p.Is)))
        {
            if (Accepts(chain, parent, isRoot: false) && Extend([.. chain, parent]) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    private static bool Named(Certificate parent, Certificate child) => parent.Subject.AsSpan().SequenceEqual(child.Issuer);

    private bool Accepts(IReadOnlyList<Certificate> chain, Certificate parent, bool isRoot)
    {
        var fault = ++_tried > MostTried ? "there are too many certificates to try"
            : FindFault(parent) ?? FindIssuerFault(chain, parent, isRoot) ?? FindSignatureFault(chain[chain.Count - 1], parent);
        _fault ??= fault;
        return fault is null;
    }

    private string? FindFault(Certificate certificate) => !certificate.IsValidAt(_moment)
        ? $"the certificate {Name(certificate)} is valid from {Moment(certificate.NotBefore)} to {Moment(certificate.NotAfter)}, and not at {Moment(_moment)}"
        : certificate.Critical.FirstOrDefault(c => !Understood.Contains(c)) is { } unknown
            ? $"the certificate {Name(certificate)} has a critical extension that is not understood ({unknown})" : null;

    private static string? FindIssuerFault(IReadOnlyList<Certificate> chain, Certificate parent, bool isRoot) =>
        !parent.IsAuthority && !(isRoot && parent.Version == 1) ? $"the certificate {Name(parent)} may not issue others"
        : !parent.MaySign ? $"the key of {Name(parent)} may not sign certificates"
        : parent.LongestPath < chain.Count - 1 ? $"the certificate {Name(parent)} allows fewer certificates below it"
        : chain.Any(c => !AllowsNames(parent, c)) ? $"the certificate {Name(parent)} does not allow the names of what is below it" : null;

    private static string? FindSignatureFault(Certificate child, Certificate parent)
    {
        if (!Algorithms.Contains(child.SignatureAlgorithm))
        {
            return $"the certificate {Name(child)} is signed by an algorithm that is broken or not supported ({child.SignatureAlgorithm})";
        }

        try
        {
            child.Inner.Verify(parent.ReadKey().Parameters);
            return null;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The library tells by exceptions of several types that a signature is another's.
            return $"the certificate {Name(child)} is not signed by {Name(parent)}, its issuer by name";
        }
    }

    private static bool AllowsNames(Certificate parent, Certificate child)
    {
        if (parent.ReadExtension(Constraints) is not { } extension)
        {
            return true;
        }

        try
        {
            var constraints = Der.Read(extension, "a list of constraints", NameConstraints.GetInstance);
            var validator = new PkixNameConstraintValidator();
            if (constraints.PermittedSubtreesValue is { } permitted)
            {
                validator.IntersectPermittedSubtree(Asn1Sequence.GetInstance(permitted.ToAsn1Object()));
            }

            if (constraints.ExcludedSubtreesValue is { } excluded)
            {
                foreach (var subtree in Asn1Sequence.GetInstance(excluded.ToAsn1Object()))
                {
                    validator.AddExcludedSubtree(GeneralSubtree.GetInstance(subtree));
                }
            }

            validator.CheckPermittedDN(Asn1Sequence.GetInstance(child.Subject));
            validator.CheckExcludedDN(Asn1Sequence.GetInstance(child.Subject));
            foreach (var name in child.Names.All)
            {
                validator.CheckPermittedName(name);
                validator.CheckExcludedName(name);
            }

            return true;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The library says so that a name is not allowed, or that it can't tell.
            return false;
        }
    }

    private bool AllowsUsage(IReadOnlyList<Certificate> chain)
    {
        var other = chain.FirstOrDefault(c => c.Usages.Count > 0 && !c.Usages.Contains(_usage) && !c.Usages.Contains(AnyUsage));
        _fault ??= other is null ? null : $"the certificate {Name(other)} is not for {(_usage == CodeSigning ? "signing code" : "this use")}";
        return other is null;
    }

    private static string Name(Certificate certificate) => certificate.SubjectText.Length == 0 ? "of the signer" : $"'{certificate.SubjectText}'";

    private static string Moment(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
