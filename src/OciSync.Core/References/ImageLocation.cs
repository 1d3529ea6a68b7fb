using System.Globalization;
using OciSync.Core.Errors;

namespace OciSync.Core.References;

/// <summary>
/// Where an image is, whatever the transport: <c>docker://host/repository:tag</c> or a plain reference, <c>oci:path[:name|:@index]</c>,
/// <c>dir:path</c>, <c>oci-archive:path[:name|:@index]</c>, <c>docker-archive:path[:reference|:@index]</c>, <c>docker-daemon:reference</c>,
/// <c>tarball:path[:path…]</c>.
/// </summary>
public sealed record ImageLocation
{
    private static readonly bool OnWindows = System.IO.Path.DirectorySeparatorChar == '\\';

    // A folder of one image has it under no name.
    internal const string OnlyImage = "";

    // Before a digest: an entry of a layout's index, and not just a manifest that is there as a part of another.
    internal const string UnnamedImage = "*";

    /// <summary>The Docker engine as a place of many images: to be listed, or written to by a sync. It names no image.</summary>
    public static ImageLocation DockerEngine { get; } = new(ImageTransport.DockerDaemon, string.Empty, null, null);

    internal ImageLocation(ImageReference image) => Image = image;

    internal ImageLocation(ImageTransport transport, string path, string? name, int? index)
    {
        Transport = transport;
        Path = path;
        Name = name;
        Index = index;
    }

    /// <summary>The kind of place.</summary>
    public ImageTransport Transport { get; }

    /// <summary>The reference in a registry; null for all other places.</summary>
    public ImageReference? Image { get; }

    /// <summary>The folder or file (of a tarball, files with colons between them); null for registries, and empty for a Docker engine.</summary>
    public string? Path { get; }

    /// <summary>The image's name in an OCI layout, an archive or a Docker engine, or null.</summary>
    public string? Name { get; }

    /// <summary>The image's place in the index of a layout or archive, from 0, or null.</summary>
    public int? Index { get; }

    /// <summary>A registry's reference is a location as it is.</summary>
    public static implicit operator ImageLocation(ImageReference image) => new(image);

    /// <summary>Reads a location; a path stays as it is written.</summary>
    /// <exception cref="ReferenceException">The text is none; the message says what is wrong where.</exception>
    /// <exception cref="OciException">Its transport is not supported.</exception>
    public static ImageLocation Parse(string text) => Parse(text, null);

    /// <summary>The same, where there are drives whose names are words.</summary>
    /// <param name="text">The text.</param>
    /// <param name="isDrive">Whether there is a drive of this name beside those of one letter.</param>
    public static ImageLocation Parse(string text, Func<string, bool>? isDrive) => LocationParser.Parse(text, isDrive, OnWindows);

    /// <summary>What stands in a registry's place when hosts are counted, or null.</summary>
    public string? Registry => Image?.Registry;

    /// <summary>A place that images go to by their digests: a repository, a layout or an archive.</summary>
    public bool IsRepository => Image?.IsRepository ?? (HoldsMany && Name is null && Index is null);

    /// <summary>A folder or file of many images, each with a name.</summary>
    public bool HoldsMany => Transport is ImageTransport.Oci or ImageTransport.OciArchive or ImageTransport.DockerArchive;

    /// <summary>Each image there is for one platform, and its layers are called by their unpacked content.</summary>
    public bool IsDocker => Transport is ImageTransport.DockerArchive or ImageTransport.DockerDaemon;

    /// <summary>The name by which an image is asked for there.</summary>
    internal string ManifestReference => Image?.ManifestReference
        ?? Name ?? (Index is { } index ? "@" + index.ToString(CultureInfo.InvariantCulture) : OnlyImage);

    /// <summary>The name an image gets there, where it isn't its digest.</summary>
    internal string TargetReference => Image is { } image ? image.Tag ?? image.Digest!.ToString() : Name ?? OnlyImage;

    /// <summary>Its name as the file system takes it: Windows' don't tell letters' cases apart.</summary>
    internal string FileName => OnWindows && !string.IsNullOrEmpty(Path) ? WithPath(Path!.ToUpperInvariant()).ToString() : ToString();

    /// <summary>The full names of further tags beside this one; a folder of one image has none.</summary>
    internal IEnumerable<string> NamesBeside(IEnumerable<string> tags) => Transport switch
    {
        ImageTransport.Docker => tags.Where(t => !IsWholeName(t)).Select(t => Image!.WithTag(t).ToString()),
        ImageTransport.Dir => [],
        _ => tags.Where(t => IsWholeName(t) ? IsArchive : !IsDocker || Name is not null).Select(t => WithName(NameBeside(t)).ToString()),
    };

    /// <summary>
    /// What is wrong with a further name that an image is to have: a tag of the same repository or, in an archive or a Docker engine, a whole
    /// name. Null when nothing is.
    /// </summary>
    public static string? FindFurtherNameFault(string name)
    {
        if (!IsWholeName(name))
        {
            return name.Length == 0 ? "it is empty" : ReferenceParser.FindTagFault(name, name);
        }

        return !ImageReference.TryParse(name, out var whole, out var fault) ? fault
            : whole!.Digest is not null ? "it has a digest; an image is called by a tag" : null;
    }

    // repository:tag, with or without a registry.
    private static bool IsWholeName(string tag) => tag.IndexOfAny([':', '/']) >= 0;

    private bool IsArchive => IsDocker || Transport == ImageTransport.OciArchive;

    /// <summary>The name of a further tag beside this one: in a layout, names have their repository before the tag. A whole name stays what it is.</summary>
    internal string NameBeside(string tag)
    {
        if (IsWholeName(tag))
        {
            return !IsArchive
                ? throw new OciException(
                    OciErrorKind.ReferenceInvalid,
                    $"-AdditionalTag '{tag}' is a whole name, and '{this}' takes further tags of its own repository alone. "
                        + "Write a tag, or copy the image under that name too.")
                : IsDocker ? ImageReference.Parse(tag).WithDefaultTag().ToString() : tag;
        }

        if (Transport == ImageTransport.Dir)
        {
            throw new OciException(
                OciErrorKind.ReferenceInvalid, $"'{this}' is the folder of one image, which has no tags; -AdditionalTag can't be used with it.");
        }

        if (IsDocker && Name is null)
        {
            throw new OciException(OciErrorKind.ReferenceInvalid, $"-AdditionalTag can't be used with an image without a name; write '{this}:repository:tag'.");
        }

        var end = Name is null ? -1 : Name.IndexOf('@') is >= 0 and var at ? at : Name.LastIndexOf(':');
        return end < 0 ? tag : Name!.Substring(0, end) + ":" + tag;
    }

    /// <summary>The digest that is asked for, or null.</summary>
    internal Digest? Digest => Image?.Digest;

    /// <summary>The same image, the folder under this path.</summary>
    public ImageLocation WithPath(string path) => Image is null ? new ImageLocation(Transport, path, Name, Index) : this;

    /// <summary>The same image, each path of it changed.</summary>
    /// <param name="change">Gives the path to have in the place of one.</param>
    /// <param name="isDrive">As when it was read.</param>
    public ImageLocation WithPaths(Func<string, string> change, Func<string, bool>? isDrive = null) =>
        string.IsNullOrEmpty(Path) ? this : WithPath(string.Join(":", PathsWith(isDrive).Select(change)));

    /// <summary>The folder or file; of a tarball, its files.</summary>
    internal IReadOnlyList<string> Paths => PathsWith(null);

    /// <summary>The same place, with <c>latest</c> where a registry's reference has neither tag nor digest.</summary>
    public ImageLocation WithDefaultTag() => Image is null ? this : Image.WithDefaultTag();

    /// <summary>Whether the text names a transport that isn't a registry's: a folder, or what is not supported.</summary>
    public static bool HasTransport(string text) => LocationParser.IsTransport(text);

    /// <summary>The same archive, the image under a registry's name; what has no names stays as it is.</summary>
    public ImageLocation WithDockerName(ImageReference name) =>
        Transport == ImageTransport.DockerArchive && IsRepository && name.Tag is not null ? WithName(name.WithTag(name.Tag).ToString()) : this;

    /// <summary>The same layout, the image at a place of it.</summary>
    internal ImageLocation WithIndex(int index) => new(Transport, Path!, null, index);

    /// <summary>The same folder, with another name in it.</summary>
    internal ImageLocation WithName(string name) => new(Transport, Path!, name, null);

    /// <summary>What asks for an image that has no name but its digest.</summary>
    internal string ByDigest(Digest digest) => Image is null ? UnnamedImage + digest : digest.ToString();

    /// <summary>How an image is called that is here without a name.</summary>
    internal string Describe(string digest) => Image is null ? ToString() : this + "@" + digest;

    /// <summary>The place without the image's name: host and repository, or the folder.</summary>
    public string PlaceName => Image?.Name ?? Prefix + Path;

    private string Prefix => LocationParser.PrefixOf(Transport);

    private string Separator => Transport == ImageTransport.DockerDaemon ? string.Empty : ":";

    private IReadOnlyList<string> PathsWith(Func<string, bool>? isDrive) =>
        string.IsNullOrEmpty(Path) ? [] : Transport == ImageTransport.Tarball ? LocationParser.SplitPaths(Path!, isDrive) : [Path!];

    /// <inheritdoc/>
    public override string ToString() => Image?.ToString()
        ?? Prefix + Path
            + (Name is null ? string.Empty : Separator + Name) + (Index is { } index ? ":@" + index.ToString(CultureInfo.InvariantCulture) : string.Empty);
}
