namespace OciSync.Core.Signing.Sigstore;

/// <summary>Certificates that Fulcio gave to somebody whom an OIDC issuer knows.</summary>
/// <param name="Roots">The authorities, PEM.</param>
/// <param name="OidcIssuer">Who knows the signer, as an exact text.</param>
/// <param name="SubjectEmail">The signer's address, as an exact text.</param>
internal sealed record FulcioAuthority(byte[] Roots, string OidcIssuer, string SubjectEmail);
