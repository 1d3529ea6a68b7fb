namespace OciSync.Core.AuthFiles;

/// <summary>A file with logins.</summary>
internal sealed record AuthFilePlace(string Path)
{
    /// <summary>The file was named for this command: it has to be there.</summary>
    internal bool IsRequired { get; init; }

    /// <summary><c>.dockercfg</c>: the entries stand at the top, without <c>auths</c>.</summary>
    internal bool IsLegacy { get; init; }
}
