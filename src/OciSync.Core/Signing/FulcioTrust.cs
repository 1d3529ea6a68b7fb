namespace OciSync.Core.Signing;

/// <summary>Certificates that Fulcio gave to somebody whom an OIDC issuer knows by this e-mail address.</summary>
internal sealed record FulcioTrust(KeySource Authority, string OidcIssuer, string SubjectEmail)
{
    /// <inheritdoc/>
    public override string ToString() => $"fulcio {Authority}, {SubjectEmail} of {OidcIssuer}";
}
