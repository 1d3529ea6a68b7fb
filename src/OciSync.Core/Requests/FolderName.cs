using System.Text;
using OciSync.Core.Errors;
using OciSync.Core.Folders;
using OciSync.Core.Machine;
using OciSync.Core.References;
using OciSync.Core.Text;

namespace OciSync.Core.Requests;

/// <summary>
/// Names of images in folders (pure functions): <c>repository:tag</c> in a layout; below a folder of folders the same as a path, written
/// without a colon where file systems forbid it. The way back reads both.
/// </summary>
public static class FolderName
{
    // Also after a name that Windows keeps for a device or would cut.
    private const char Stand = FolderSpelling.Stand;

    /// <summary>The name of a layout's image as that of a repository without a registry.</summary>
    /// <param name="name">Its name: <c>repository:tag</c>, or a tag alone, of a repository that is called like the folder.</param>
    /// <param name="folder">The layout.</param>
    /// <exception cref="OciException">It can't be one.</exception>
    public static ImageReference Read(string name, ImageLocation folder)
    {
        var at = name.IndexOf('@');
        if (at >= 0)
        {
            return Create(name.Substring(0, at), null, name.Substring(at + 1), name, folder);
        }

        var colon = name.LastIndexOf(':');
        if (colon > name.LastIndexOf('/'))
        {
            return Create(name.Substring(0, colon), name.Substring(colon + 1), null, name, folder);
        }

        return name.Contains("/") ? Create(name, ImageReference.DefaultTag, null, name, folder) : Create(Leaf(folder), name, null, name, folder);
    }

    /// <summary>The name of the image that a location names, as that of a repository; in Docker's places it has its registry.</summary>
    /// <exception cref="OciException">It can't be one.</exception>
    public static ImageReference NameOf(ImageLocation location)
    {
        if (!location.IsDocker)
        {
            return Read(location.Name!, location);
        }

        return Digest.TryParse(location.Name!, out _, out _)
            ? throw new OciException(
                OciErrorKind.ReferenceInvalid, $"'{location}' is the id of an image, which is no name. Copy it under a name you choose: Copy-OciImage.")
            : ImageReference.Parse(location.Name!);
    }

    /// <summary>The name of a layout's image that has none: its digest, of a repository that is called like the folder.</summary>
    public static ImageReference Unnamed(string digest, ImageLocation folder) => Create(Leaf(folder), null, digest, digest, folder);

    /// <summary>The name that a folder of one image gives it; <paramref name="relative"/> is its path below the folder that is synced.</summary>
    public static ImageReference ReadPath(string relative, ImageLocation folder)
    {
        var parts = relative.Split(['/', '\\'], StringSplitOptions.RemoveEmptyEntries).Select(Decode).ToList();
        var name = parts.Count == 0 ? Decode(Path.GetFileName(folder.Path!)) : string.Join("/", parts);
        return name.IndexOf(':', name.LastIndexOf('/') + 1) < 0 ? Create(name, ImageReference.DefaultTag, null, name, folder) : Read(name, folder);
    }

    /// <summary>The path below a folder that a name gets.</summary>
    /// <param name="name"><c>repository:tag</c>.</param>
    /// <param name="windows">Without what Windows' file systems forbid.</param>
    public static string WritePath(string name, bool windows) => windows ? string.Join("\\", name.Split('/').Select(Encode)) : name;

    private static string Encode(string part)
    {
        var text = part.Replace(':', Stand);
        var isCut = text.EndsWith(".", StringComparison.Ordinal) || DeviceName.Is(text);
        return isCut ? text + Stand : text;
    }

    private static string Decode(string part) => part.TrimEnd(Stand).Replace(Stand, ':');

    private static string Leaf(ImageLocation folder) => Path.GetFileName(folder.Path!.TrimEnd('/', '\\')).ToLowerInvariant();

    private static ImageReference Create(string repository, string? tag, string? digest, string name, ImageLocation folder)
    {
        // A host's port is part of a path here, and is written as -Naming Full does.
        var path = repository.Replace(':', '-');
        Digest? parsed = null;
        var fault = digest is null || Digest.TryParse(digest, out parsed, out var digestFault) ? null : digestFault;
        fault ??= RepositoryName.FindFault(path) ?? (tag is null ? null : ReferenceParser.FindTagFault(tag, path));
        return fault is null
            ? new ImageReference(string.Empty, path, tag, parsed)
            : throw new OciException(
                OciErrorKind.ReferenceInvalid,
                $"The image '{Printable.Text(name)}' of '{folder}' has no name that a registry could take: {fault}. Copy it under a name you choose: "
                + "Copy-OciImage.");
    }
}
