namespace OciSync.Core.Requests;

/// <summary>How an image is called below a destination.</summary>
public enum DestinationNaming
{
    /// <summary>The last part of its path: <c>library/alpine</c> is <c>alpine</c>.</summary>
    Leaf,

    /// <summary>Its whole path: <c>library/alpine</c>.</summary>
    Path,

    /// <summary>Its registry and path: <c>docker.io/library/alpine</c>; a port is written with a dash.</summary>
    Full,

    /// <summary>Its whole path in one part, for registries of two levels: <c>library-alpine</c>.</summary>
    Flat,
}
