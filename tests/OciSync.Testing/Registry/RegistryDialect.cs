namespace OciSync.Testing.Registry;

/// <summary>In what a registry differs from others. The defaults are those of a friendly registry of distribution-spec 1.1.</summary>
public sealed record RegistryDialect
{
    /// <summary>At most so many tags a page, whatever the client asks for.</summary>
    public int? TagPageSize { get; init; }

    /// <summary>Tags in the order of pushing, not of the alphabet.</summary>
    public bool UnsortedTags { get; init; }

    /// <summary>Ignore <c>n</c> and <c>last</c>: always the whole list.</summary>
    public bool IgnoreTagPaging { get; init; }

    /// <summary>A page may be short without a Link (<c>n</c> and <c>last</c> are honoured, Link is never sent).</summary>
    public bool OmitLink { get; init; }

    /// <summary>A Link to an empty page after a last page that is full.</summary>
    public bool LinkAfterFullPage { get; init; }

    /// <summary>Send <c>"tags": null</c> where the list is empty.</summary>
    public bool NullTags { get; init; }

    /// <summary>Entries listed beside the real tags, for instance invalid ones.</summary>
    public IReadOnlyList<string> ExtraTags { get; init; } = [];

    /// <summary>The referrers API; without it 404 in plain text and no OCI-Subject.</summary>
    public bool Referrers { get; init; } = true;

    /// <summary>At most so many referrers a page, the next one told by Link.</summary>
    public int? ReferrersPageSize { get; init; }

    /// <summary>The status of the referrers API where there is none.</summary>
    public int NoReferrersStatus { get; init; } = 404;

    /// <summary>POST with <c>?digest=</c> and the whole blob is answered with 201; otherwise with 202 and a session.</summary>
    public bool SinglePost { get; init; }

    /// <summary>PATCH with a wrong Content-Range is answered with 416.</summary>
    public bool RejectOutOfOrder { get; init; } = true;

    /// <summary>A PATCH whose connection broke ends the session.</summary>
    public bool CutPatchEndsSession { get; init; }

    /// <summary>Locations change with each answer and old ones are refused.</summary>
    public bool StatefulLocation { get; init; } = true;

    /// <summary>Locations with scheme and host.</summary>
    public bool AbsoluteLocation { get; init; }

    /// <summary>Mounts work; otherwise 202 and a session.</summary>
    public bool Mounts { get; init; } = true;

    /// <summary>A mount without <c>from</c> finds the blob in any repository.</summary>
    public bool MountWithoutFrom { get; init; }

    /// <summary>A mount without <c>from</c> is answered with 500.</summary>
    public bool MountWithoutFromFails { get; init; }

    /// <summary>Upload status and cancel work; otherwise 400.</summary>
    public bool UploadStatus { get; init; } = true;

    /// <summary>The status of a PATCH that went well.</summary>
    public int PatchStatus { get; init; } = 202;

    /// <summary>The status of a PUT that completed an upload.</summary>
    public int UploadDoneStatus { get; init; } = 201;

    /// <summary>The status that refuses a PUT with the whole blob; null to accept it.</summary>
    public int? RefuseMonolithicPut { get; init; }

    /// <summary>The status that refuses PATCH; null to accept it.</summary>
    public int? RefusePatch { get; init; }

    /// <summary>The least size of a chunk but for the last, told by OCI-Chunk-Min-Length.</summary>
    public long? ChunkMinimum { get; init; }

    /// <summary>Bodies of uploads above this size are answered with 413.</summary>
    public long? MaxUploadBody { get; init; }

    /// <summary>Blob GET honours Range.</summary>
    public bool BlobRanges { get; init; } = true;

    /// <summary>Manifests carry Docker-Content-Digest.</summary>
    public bool DigestHeader { get; init; } = true;

    /// <summary>An OCI index without a fitting Accept is answered with 404.</summary>
    public bool StrictAccept { get; init; }

    /// <summary>Media types of manifests refused with 400 MANIFEST_INVALID.</summary>
    public IReadOnlyList<string> RefusedMediaTypes { get; init; } = [];

    /// <summary>Manifests that name the empty media type are refused, as some registries refuse BuildKit's attestations.</summary>
    public bool RefuseEmptyType { get; init; }

    /// <summary>BuildKit attestation manifests (layers of in-toto type) are refused in the same way.</summary>
    public bool RefuseAttestations { get; init; }

    /// <summary>The status of a manifest that names something missing.</summary>
    public int MissingChildStatus { get; init; } = 400;

    /// <summary>PUT of a manifest by its digest takes <c>?tag=</c>, several times, and answers with OCI-Tag.</summary>
    public bool TagParameters { get; init; }

    /// <summary>Manifests by a sha512 digest; otherwise 400 DIGEST_INVALID, as docker-registry answers. Blobs are taken by it all the same.</summary>
    public bool Sha512Manifests { get; init; } = true;

    /// <summary>An index may name manifests that are not there.</summary>
    public bool SparseIndexes { get; init; }

    /// <summary>The status of an attempt to move a tag; null when tags may move.</summary>
    public int? ImmutableTags { get; init; }

    /// <summary>DELETE of manifests; otherwise 405 UNSUPPORTED.</summary>
    public bool ManifestDelete { get; init; } = true;

    /// <summary>DELETE of a tag; otherwise 400 DIGEST_INVALID.</summary>
    public bool TagDelete { get; init; } = true;

    /// <summary>Pushing to a repository that was not created before is answered with 404 NAME_UNKNOWN.</summary>
    public IReadOnlyList<string>? KnownRepositories { get; init; }
}
