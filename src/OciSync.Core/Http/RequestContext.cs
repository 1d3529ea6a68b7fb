namespace OciSync.Core.Http;

/// <summary>What a request is about, for the messages of its failures.</summary>
internal sealed record RequestContext(string Verb, string Registry, string? Repository, string? Reference)
{
    internal string Target =>
        Registry + (Repository is null ? string.Empty : "/" + Repository)
        + (Reference is null ? string.Empty : (Reference.Contains(':') ? "@" : ":") + Reference);

    internal bool IsManifestWrite => Verb == ManifestWrite;

    internal bool IsBlob => Verb is BlobRead or BlobWrite or BlobSend;

    internal const string ManifestRead = "read";
    internal const string ManifestWrite = "write";
    internal const string ManifestDelete = "delete";
    internal const string DeleteProbe = "delete images of";
    internal const string BlobRead = "read a blob of";
    internal const string BlobWrite = "write a blob to";
    internal const string ReferrerList = "list the referrers of";

    // Within an upload that was begun.
    internal const string BlobSend = "send a blob to";
    internal const string TagList = "list the tags of";
}
