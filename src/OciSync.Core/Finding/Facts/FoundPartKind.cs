namespace OciSync.Core.Finding.Facts;

/// <summary>Which piece of a reference a <see cref="FoundPart"/> holds.</summary>
internal enum FoundPartKind
{
    /// <summary>The whole reference, <c>[host/]repository[:tag][@digest]</c>, as it was written.</summary>
    Reference,

    /// <summary>The host alone: the value of a key <c>registry</c>; it may be empty.</summary>
    Registry,

    /// <summary>The repository, with a host before it where there is no <see cref="Registry"/>.</summary>
    Repository,

    /// <summary>The tag alone, in a key of its own.</summary>
    Tag,

    /// <summary>The digest alone, in a key of its own; perhaps without <c>sha256:</c>, perhaps empty.</summary>
    Digest,

    /// <summary>A name that other files are compared with (kustomize's <c>name</c>): it is not to be changed.</summary>
    MatchedName,

    /// <summary>A place of length 0 at the end of a line, behind which a further key of the same mapping can stand; its value is the indentation.</summary>
    NewKey,
}
