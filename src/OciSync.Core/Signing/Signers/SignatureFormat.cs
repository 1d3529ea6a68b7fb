namespace OciSync.Core.Signing.Signers;

/// <summary>The forms in which images are signed here.</summary>
public enum SignatureFormat
{
    /// <summary>Sigstore's, attached under the tag <c>sha256-HEX.sig</c>: skopeo reads it, and cosign 2 and 3.</summary>
    Attachment,

    /// <summary>A sigstore bundle whose subject is the image, as cosign makes it since version 3. It says the digest alone, and no name.</summary>
    Bundle,

    /// <summary>Simple signing by a key of OpenPGP, in a lookaside or a <c>dir:</c> folder, as skopeo and podman keep it.</summary>
    OpenPgp,
}
