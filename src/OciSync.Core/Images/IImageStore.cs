using OciSync.Core.Errors;
using OciSync.Core.Flow;

namespace OciSync.Core.Images;

/// <summary>What sources and destinations have in common: names, and the question what a name points to.</summary>
internal interface IImageStore
{
    IImageHost Connection { get; }

    /// <summary>The part of the host that holds the blobs: a repository; a folder has one without a name.</summary>
    string Repository { get; }

    /// <summary>Names this repository in the whole run.</summary>
    string Key { get; }

    /// <summary>Its name for people.</summary>
    string DisplayName { get; }

    /// <summary>The digest and type of a manifest, or null when there is none of this name or digest.</summary>
    Task<ManifestHead?> HeadManifestAsync(string reference, WorkScope work);

    /// <summary>The failure that says so.</summary>
    OciException Missing(string reference);
}
