namespace OciSync.Core.Signing.Formats;

/// <summary>The formats in which signatures of images lie.</summary>
internal enum SignatureKind
{
    /// <summary>Simple signing: an OpenPGP message that holds the payload (containers-signature(5)).</summary>
    OpenPgp,

    /// <summary>A payload with signature and certificates beside it, as cosign attaches it (tag <c>sha256-HEX.sig</c>) and skopeo keeps it.</summary>
    Sigstore,

    /// <summary>A sigstore bundle, as cosign attaches it since version 3: a manifest whose subject is the image. Policies don't know it.</summary>
    Bundle,

    /// <summary>A signature of the Notary Project, in a manifest whose subject is the image. Policies don't know it.</summary>
    Notary,
}
