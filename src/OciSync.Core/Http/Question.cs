namespace OciSync.Core.Http;

/// <summary>What a request asks of a registry or its token server. <see cref="AnswerRules"/> says what its answers mean.</summary>
internal enum Question
{
    /// <summary><c>GET /v2/</c>.</summary>
    Reach,

    /// <summary>A token.</summary>
    Token,

    /// <summary>A page of tags.</summary>
    TagList,

    /// <summary>A page of repositories.</summary>
    Catalogue,

    /// <summary>A page of referrers.</summary>
    ReferrerList,

    /// <summary>GET of a signature that a server keeps.</summary>
    SignatureRead,

    /// <summary>GET of the signatures that a registry keeps.</summary>
    SignatureList,

    /// <summary>HEAD of a manifest.</summary>
    ManifestHead,

    /// <summary>GET of a manifest.</summary>
    ManifestRead,

    /// <summary>PUT of a manifest.</summary>
    ManifestWrite,

    /// <summary>DELETE of a manifest or tag.</summary>
    ManifestDelete,

    /// <summary>DELETE of what can't be there, to learn whether there is deletion.</summary>
    DeleteProbe,

    /// <summary>HEAD of a blob.</summary>
    BlobHead,

    /// <summary>GET of a blob's first byte.</summary>
    BlobProbe,

    /// <summary>GET of a blob.</summary>
    BlobRead,

    /// <summary>POST that takes a blob from another repository.</summary>
    Mount,

    /// <summary>POST that begins an upload.</summary>
    UploadBegin,

    /// <summary>GET of an upload: how far it is.</summary>
    UploadStatus,

    /// <summary>PATCH of an upload.</summary>
    UploadPart,

    /// <summary>PUT that ends an upload.</summary>
    UploadEnd,

    /// <summary>DELETE of an upload.</summary>
    UploadCancel,
}
