using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using OciSync.Core.Connections;

namespace OciSync.Core.Http;

/// <summary>Judges a server's certificate by a registry's settings and keeps the reason of the last refusal.</summary>
internal sealed class CertificateCheck
{
    private readonly bool _skip;
    private readonly X509Certificate2Collection _authorities;
    private volatile string? _refusal;

    internal CertificateCheck(ConnectionSettings settings, bool insecure)
    {
        _skip = settings.SkipCertificateCheck || insecure;
        _authorities = settings.CertificatePath is { } path ? CertificateFile.Read(path) : [];
    }

    /// <summary>Why the last certificate was refused, or null when none was.</summary>
    internal string? Refusal => _refusal;

    internal bool Validate(X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (_skip || errors == SslPolicyErrors.None)
        {
            return true;
        }

        if (errors == SslPolicyErrors.RemoteCertificateChainErrors && certificate is not null && _authorities.Count > 0
            && LeadsToAuthority(certificate, chain))
        {
            return true;
        }

        _refusal = Describe(certificate, chain, errors);
        return false;
    }

    // The chain is built with our authorities at hand and has to end in one of them, without any other fault.
    private bool LeadsToAuthority(X509Certificate certificate, X509Chain? presented)
    {
        using var leaf = new X509Certificate2(certificate);
        using var chain = new X509Chain();
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationFlags = X509VerificationFlags.AllowUnknownCertificateAuthority;
        chain.ChainPolicy.ExtraStore.AddRange(_authorities);
        foreach (var element in presented?.ChainElements.Cast<X509ChainElement>() ?? [])
        {
            chain.ChainPolicy.ExtraStore.Add(element.Certificate);
        }

        if (!chain.Build(leaf))
        {
            return false;
        }

        var root = chain.ChainElements[chain.ChainElements.Count - 1].Certificate;
        return _authorities.Cast<X509Certificate2>().Any(authority => authority.RawData.SequenceEqual(root.RawData));
    }

    private static string Describe(X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is null || (errors & SslPolicyErrors.RemoteCertificateNotAvailable) != 0)
        {
            return "the server sent no certificate";
        }

        if ((errors & SslPolicyErrors.RemoteCertificateNameMismatch) != 0)
        {
            return $"the certificate ({certificate.Subject}) is for another host name";
        }

        var statuses = chain?.ChainStatus.Select(s => s.Status).Where(s => s != X509ChainStatusFlags.NoError).Distinct() ?? [];
        var text = string.Join(", ", statuses);
        return text.Contains(nameof(X509ChainStatusFlags.NotTimeValid))
            ? $"the certificate ({certificate.Subject}) is expired or not valid yet"
            : $"its issuer ({certificate.Issuer}) is not trusted ({text})";
    }
}
