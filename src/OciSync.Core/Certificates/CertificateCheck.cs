using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using OciSync.Core.Connections;

namespace OciSync.Core.Certificates;

/// <summary>Judges a server's certificate by a registry's settings and keeps the reason of the last refusal.</summary>
internal sealed class CertificateCheck
{
    private readonly string _ownHost;
    private readonly bool _skip;
    private readonly X509Certificate2Collection _authorities;
    private volatile CertificateRefusal? _refusal;
    private volatile CertificateFacts? _facts;
    private volatile bool _isClientAsked;
    private volatile bool _isProven;

    internal CertificateCheck(string host, bool skip, TlsIdentity identity)
    {
        _ownHost = new RegistryUris("https", host).Base.Host.Trim('[', ']');
        _skip = skip;
        _authorities = identity.Authorities;
        Client = identity.Client;
    }

    /// <summary>Our own certificate, or null.</summary>
    internal X509Certificate2? Client { get; }

    /// <summary>Why the last certificate was refused, or null when none was.</summary>
    internal CertificateRefusal? Refusal => _refusal;

    /// <summary>What the last certificate says, or null when none was seen.</summary>
    internal CertificateFacts? Facts => _facts;

    /// <summary>The server asked for a certificate of ours.</summary>
    internal bool IsClientAsked => _isClientAsked;

    /// <summary>The server has answered a request: what breaks from now on isn't for want of a certificate.</summary>
    internal bool IsProven
    {
        get => _isProven;
        set => _isProven = value;
    }

    /// <summary>Called when a connection is made: the certificate that is sent, if the server asks. Hosts that a registry redirects to get none.</summary>
    internal X509Certificate? Choose(string target, X509Certificate? server, string[]? issuers)
    {
        if (!IsOwn(target))
        {
            return null;
        }

        if (server is not null || issuers is { Length: > 0 })
        {
            _isClientAsked = true;
        }

        return Client;
    }

    /// <summary>Whether a server's certificate is good. That a registry's isn't checked holds for its own host, not for where it sends us.</summary>
    internal bool Validate(string target, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        var isOwn = IsOwn(target);
        if (isOwn && certificate is not null)
        {
            _facts = CertificateFacts.Of(certificate);
        }

        if ((_skip && isOwn) || errors == SslPolicyErrors.None)
        {
            return true;
        }

        if (errors == SslPolicyErrors.RemoteCertificateChainErrors && certificate is not null && _authorities.Count > 0
            && LeadsToAuthority(certificate, chain))
        {
            return true;
        }

        _refusal = Describe(certificate, chain, errors) with { Elsewhere = isOwn ? null : target };
        return false;
    }

    private bool IsOwn(string target) => string.Equals(target.Trim('[', ']'), _ownHost, StringComparison.OrdinalIgnoreCase);

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

    private static CertificateRefusal Describe(X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is null || (errors & SslPolicyErrors.RemoteCertificateNotAvailable) != 0)
        {
            return new CertificateRefusal("the server sent no certificate", "Check that the port is that of the registry.");
        }

        if ((errors & SslPolicyErrors.RemoteCertificateNameMismatch) != 0)
        {
            return new CertificateRefusal(
                $"the certificate ({certificate.Subject}) is for another host name",
                "Use the name that the certificate is for, or have one made for this name.");
        }

        var statuses = chain?.ChainStatus.Select(s => s.Status).Where(s => s != X509ChainStatusFlags.NoError).Distinct() ?? [];
        var text = string.Join(", ", statuses);
        return text.Contains(nameof(X509ChainStatusFlags.NotTimeValid))
            ? new CertificateRefusal(
                $"the certificate ({certificate.Subject}) is expired or not valid yet; it is valid from {certificate.GetEffectiveDateString()} "
                + $"to {certificate.GetExpirationDateString()}",
                "Have it renewed on the server, and check this machine's clock.")
            : new CertificateRefusal($"its issuer ({certificate.Issuer}) is not trusted ({text})", null);
    }
}
