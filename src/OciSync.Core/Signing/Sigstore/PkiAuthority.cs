namespace OciSync.Core.Signing.Sigstore;

/// <summary>Certificates of a PKI of one's own, for an address, a host, or both.</summary>
/// <param name="Roots">The authorities, PEM.</param>
/// <param name="Intermediates">Certificates that may stand between, PEM; null where there are none.</param>
/// <param name="SubjectEmail">The signer's address, as an exact text; null where it isn't asked for.</param>
/// <param name="SubjectHostname">The signer's host; null where it isn't asked for.</param>
internal sealed record PkiAuthority(byte[] Roots, byte[]? Intermediates, string? SubjectEmail, string? SubjectHostname);
