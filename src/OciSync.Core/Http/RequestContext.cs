namespace OciSync.Core.Http;

/// <summary>What a request is about: what its answers mean, and the words for its failures.</summary>
internal sealed record RequestContext(Question Question, string Registry, string? Repository, string? Reference)
{
    internal string Target =>
        Registry + (Repository is null ? string.Empty : "/" + Repository)
        + (Reference is null ? string.Empty : (Reference.Contains(':') ? "@" : ":") + Reference);

    internal bool IsManifestWrite => Question == Question.ManifestWrite;

    /// <summary>It writes or removes something at the registry.</summary>
    internal bool IsWrite =>
        Question is Question.ManifestWrite or Question.ManifestDelete or Question.DeleteProbe or Question.Mount or Question.UploadBegin || IsWithinUpload;

    /// <summary>Within an upload that was begun.</summary>
    internal bool IsWithinUpload => Question is Question.UploadStatus or Question.UploadPart or Question.UploadEnd or Question.UploadCancel;

    internal bool IsBlob =>
        Question is Question.BlobHead or Question.BlobProbe or Question.BlobRead or Question.Mount or Question.UploadBegin || IsWithinUpload;

    /// <summary>What is done, to be followed by <see cref="Target"/>.</summary>
    internal string Verb => Question switch
    {
        Question.Reach => "reach",
        Question.Token => "get a token for",
        Question.TagList => "list the tags of",
        Question.Catalogue => "list the repositories of",
        Question.ReferrerList => "list the referrers of",
        Question.SignatureRead or Question.SignatureList => "read the signatures of",
        Question.ManifestHead or Question.ManifestRead => "read",
        Question.ManifestWrite => "write",
        Question.ManifestDelete => "delete",
        Question.DeleteProbe => "delete images of",
        Question.BlobHead or Question.BlobProbe or Question.BlobRead => "read a blob of",
        Question.Mount or Question.UploadBegin => "write a blob to",
        _ => "send a blob to",
    };
}
