namespace OciSync.Core.Errors;

/// <summary>What went wrong, stable across versions. The error id users see is <c>Oci</c> and this name.</summary>
public enum OciErrorKind
{
    /// <summary>The text is no image reference.</summary>
    ReferenceInvalid,

    /// <summary>The registry has no manifest of this tag or digest.</summary>
    ManifestUnknown,

    /// <summary>The registry has no such repository.</summary>
    RepositoryUnknown,

    /// <summary>The registry lacks a blob that a manifest names.</summary>
    BlobUnknown,

    /// <summary>No or a wrong credential (401).</summary>
    Unauthorized,

    /// <summary>The credential does not allow this (403).</summary>
    Forbidden,

    /// <summary>Too many requests (429), or a pull quota is used up.</summary>
    RateLimited,

    /// <summary>Name resolution, connection or transport failed.</summary>
    ConnectionFailed,

    /// <summary>The server's certificate is not trusted.</summary>
    CertificateUntrusted,

    /// <summary>The server speaks plain http where https was asked.</summary>
    PlainHttp,

    /// <summary>A proxy between here and the registry asks for a login (407).</summary>
    ProxyUnauthorized,

    /// <summary>No progress within the stall time.</summary>
    Timeout,

    /// <summary>Bytes are not those their digest or size names.</summary>
    DigestMismatch,

    /// <summary>The source's manifest can't be used: not JSON, ambiguous, too large, or of an unknown kind.</summary>
    ManifestInvalid,

    /// <summary>The destination refuses the manifest or its media type.</summary>
    ManifestRefused,

    /// <summary>The destination refuses BuildKit's attestation manifests.</summary>
    AttestationRefused,

    /// <summary>The registry takes no index of which a manifest is missing there.</summary>
    SparseIndexRefused,

    /// <summary>The destination's tag can't be overwritten.</summary>
    TagImmutable,

    /// <summary>A request body was too large for the server (413).</summary>
    TooLarge,

    /// <summary>The server failed (5xx).</summary>
    ServerError,

    /// <summary>The server's answer breaks the protocol.</summary>
    ProtocolError,

    /// <summary>The image has no manifest for the platform asked for.</summary>
    PlatformUnknown,

    /// <summary>The image is there, but not all that speaks of it: a referrer is listed and can't be read, or the destination doesn't take it.</summary>
    ReferrerLost,

    /// <summary>Two different images would get the same name.</summary>
    NameCollision,

    /// <summary>A configuration for machines that pull can't say how images are called at the mirror.</summary>
    NamingUnsupported,

    /// <summary>A source's tag points to another image than a plan or an earlier run says.</summary>
    SourceMoved,

    /// <summary>One login was given for several registries.</summary>
    CredentialAmbiguous,

    /// <summary>Reading a repository needs a choice of tags.</summary>
    TagRequired,

    /// <summary>A choice of tags can't be understood.</summary>
    ChoiceInvalid,

    /// <summary>The registry doesn't list its repositories to this login, or not at all.</summary>
    CatalogueRefused,

    /// <summary>A settings file can't be read.</summary>
    ConfigurationInvalid,

    /// <summary>The policy of trust can't be read, or is none.</summary>
    PolicyInvalid,

    /// <summary>The policy demands a signature, and the image has none of the kind.</summary>
    SignatureMissing,

    /// <summary>The policy refuses the image, or no signature of it is accepted.</summary>
    SignatureRejected,

    /// <summary>A key can't sign: its file is none, it may not, or gpg doesn't have it.</summary>
    SigningKeyInvalid,

    /// <summary>A key that signs is protected by a passphrase, and that is another one, or none was given.</summary>
    PassphraseWrong,

    /// <summary>Signatures of an image would be lost on its way, and nobody said that they may be.</summary>
    SignatureLost,

    /// <summary>The server wants a client certificate, or refuses the one it got.</summary>
    ClientCertificateRefused,

    /// <summary>Images can't be read from, or written to, such a place.</summary>
    TransportUnsupported,

    /// <summary>A folder of images is not what it should be.</summary>
    LayoutInvalid,

    /// <summary>A file can't be read or written: rights, a full disk, a name the file system forbids.</summary>
    StorageFailed,

    /// <summary>The registry deletes no manifests, or this one only with what needs it.</summary>
    DeleteUnsupported,

    /// <summary>What can't be undone needs a confirmation, and nobody can be asked.</summary>
    ConfirmationRequired,

    /// <summary>More tags would be pruned than is allowed.</summary>
    PruneLimitExceeded,

    /// <summary>There is something already where an archive should go, and it wasn't said to replace it.</summary>
    DestinationExists,

    /// <summary>An archive isn't what it should be: cut off, damaged, or it leads out of itself.</summary>
    ArchiveInvalid,

    /// <summary>A file isn't searched for images: it is no text, too large, or nested or repeated beyond measure.</summary>
    DocumentInvalid,

    /// <summary>A Docker engine refuses what it is asked.</summary>
    DaemonFailed,

    /// <summary>The image can't be written in the format that was asked for.</summary>
    NotConvertible,

    /// <summary>The image would change, and its digest was to be preserved.</summary>
    DigestNotPreserved,

    /// <summary>A layer can't be unpacked, or has other content than its config says.</summary>
    LayerInvalid,

    /// <summary>A layer that registries don't hold can't be fetched from where its manifest says it is.</summary>
    ForeignLayerUnavailable,

    /// <summary>A server can't listen there: the port is taken, the address isn't this machine's, or it would be open to all the network.</summary>
    ListenRefused,

    /// <summary>The operation isn't supported by this registry.</summary>
    Unsupported,

    /// <summary>Rows of an earlier run can't be read, or a file of a report has an ending that names no form.</summary>
    ReportInvalid,
}
