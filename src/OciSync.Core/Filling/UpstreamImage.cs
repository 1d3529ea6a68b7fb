using OciSync.Core.Distribution;
using OciSync.Core.References;

namespace OciSync.Core.Filling;

/// <summary>A repository of an upstream registry.</summary>
/// <param name="Registry">The registry, as names of images have it.</param>
/// <param name="Repository">The repository there.</param>
internal sealed record UpstreamImage(string Registry, string Repository)
{
    /// <summary>What it is called in the folder: as <c>-Naming Full</c> does.</summary>
    internal string FolderName => NameCandidates.HostPart(Registry) + "/" + Repository;

    /// <summary>The name there of its image of a tag or digest.</summary>
    internal string NameOf(string reference) => FolderName + (Digest.TryParse(reference, out _, out _) ? "@" : ":") + reference;

    /// <summary>Whether a name in the folder is one of its images.</summary>
    internal bool Has(string name) => name.Length > FolderName.Length && name[FolderName.Length] is '@' or ':'
        && name.StartsWith(FolderName, StringComparison.Ordinal);

    /// <summary>The same as a request for it in the folder.</summary>
    internal RequestedName Requested => new(string.Empty, FolderName, null);

    /// <summary>Its image of a tag or digest, at the registry.</summary>
    internal ImageReference With(string reference) =>
        Digest.TryParse(reference, out var digest, out _)
            ? new ImageReference(Registry, Repository, null, digest)
            : new ImageReference(Registry, Repository, reference, null);
}
