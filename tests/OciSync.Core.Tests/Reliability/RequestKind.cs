namespace OciSync.Core.Tests.Reliability;

/// <summary>The kinds of requests that a copy makes: those to the source, then those to the destination.</summary>
public enum RequestKind
{
    /// <summary>The source's first contact.</summary>
    SourcePing,

    /// <summary>The source's token server.</summary>
    Token,

    /// <summary>The list of tags.</summary>
    TagList,

    /// <summary>What the source's tag points to.</summary>
    HeadManifest,

    /// <summary>A manifest of the source.</summary>
    GetManifest,

    /// <summary>A blob of the source.</summary>
    GetBlob,

    /// <summary>The destination's first contact.</summary>
    DestinationPing,

    /// <summary>What the destination's tag points to.</summary>
    HeadTag,

    /// <summary>Whether the destination has a blob.</summary>
    HeadBlob,

    /// <summary>A mount at the destination.</summary>
    Mount,

    /// <summary>The start of an upload.</summary>
    PostUpload,

    /// <summary>A part of an upload.</summary>
    Patch,

    /// <summary>The end of an upload.</summary>
    PutUpload,

    /// <summary>The manifest, at the end.</summary>
    PutManifest,
}
