namespace OciSync.Core.Signing;

/// <summary>Certificates of a PKI of one's own, for an e-mail address, a host, or both; null where it isn't asked for.</summary>
internal sealed record PkiTrust(KeySource Roots, KeySource? Intermediates, string? SubjectEmail, string? SubjectHostname)
{
    /// <inheritdoc/>
    public override string ToString() => $"pki {Roots}, {string.Join(" and ", new[] { SubjectEmail, SubjectHostname }.Where(s => s is not null))}";
}
