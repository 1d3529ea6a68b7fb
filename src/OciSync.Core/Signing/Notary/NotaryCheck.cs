namespace OciSync.Core.Signing.Notary;

/// <summary>The checks whose failure a level enforces, tells, or leaves out (Notary Project, "Signature Verification Levels").</summary>
internal enum NotaryCheck
{
    /// <summary>The signature is over these bytes, by this certificate.</summary>
    Integrity,

    /// <summary>The certificate leads to a trusted one, and is of a trusted signer.</summary>
    Authenticity,

    /// <summary>It was signed while the certificate was valid.</summary>
    AuthenticTimestamp,

    /// <summary>The signature hasn't ended.</summary>
    Expiry,

    /// <summary>No certificate was revoked.</summary>
    Revocation,
}
