namespace OciSync.Core.Trust;

/// <summary>How the name in a signature has to fit the image's, where keys are given and no policy.</summary>
public enum NameMatch
{
    /// <summary>The same repository; an image in a folder or archive has no name, and any will do.</summary>
    Usual,

    /// <summary>The same name, tag included.</summary>
    Exact,

    /// <summary>The same repository.</summary>
    Repository,

    /// <summary>Any name.</summary>
    Any,
}
