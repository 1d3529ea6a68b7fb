using OciSync.Core.Errors;
using OciSync.Core.References;

namespace OciSync.Core.Requests;

/// <summary>Names at destinations: pure functions of the source's name.</summary>
public static class DestinationName
{
    // Alone it names no image, and is a place for many.
    private const string DockerEngine = "docker-daemon:";

    /// <summary>The full name of a source below <paramref name="place"/> (<c>host</c> or <c>host/namespace</c>).</summary>
    /// <exception cref="OciException">The place names no registry, or the name that comes out is none.</exception>
    public static ImageLocation Below(string place, ImageReference source, DestinationNaming naming, string? suffix)
    {
        if (ImageLocation.HasTransport(place))
        {
            var location = place.Trim() == DockerEngine ? new ImageLocation(ImageTransport.DockerDaemon, string.Empty, null, null) : ParseLocation(place);
            return location.Name is null && location.Index is null
                ? Below(location, source, naming, suffix)
                : throw new OciException(
                    OciErrorKind.ReferenceInvalid,
                    $"The destination '{place}' names an image; for many images write only {OnlyPlace(location, place.Trim())}.");
        }

        var root = CheckPlace(place);
        return Parse(root + "/" + LocalName(source, naming) + TagOf(source, suffix), place);
    }

    /// <summary>A full name given by the user; without a tag it gets the source's.</summary>
    /// <exception cref="OciException">It is no reference.</exception>
    public static ImageLocation Exact(string name, ImageReference? source)
    {
        if (ImageLocation.HasTransport(name))
        {
            var location = ParseLocation(name);
            return location.Index is null
                ? location.Transport == ImageTransport.DockerDaemon && Digest.TryParse(location.Name ?? string.Empty, out _, out _)
                    ? throw new OciException(
                        OciErrorKind.ReferenceInvalid, $"The destination '{name}' is the id of an image; write docker-daemon:repository:tag.")
                    : location
                : throw new OciException(OciErrorKind.ReferenceInvalid, $"The destination '{name}' can't be a place in an index; write oci:path:name.");
        }

        RefuseSlip(name, source);
        var reference = Parse(name, name);
        return reference.IsRepository && source?.Tag is not null ? reference.WithTag(source.Tag) : reference;
    }

    /// <summary>Refuses a registry alone as the name of an image.</summary>
    /// <param name="name">The name given by the user.</param>
    /// <param name="source">What would go there, for the message; null when that has no name.</param>
    /// <exception cref="OciException">It looks like a registry (<see cref="OciErrorKind.ReferenceInvalid"/>).</exception>
    public static void RefuseSlip(string name, ImageReference? source)
    {
        if (HostSlip.Find(name) is { } slip)
        {
            throw new OciException(
                OciErrorKind.ReferenceInvalid,
                $"The destination '{name}' means the image '{slip.WithDefaultTag()}' of Docker Hub. {HostSlip.Explain(name, Leaf(source))}; "
                    + $"if the image is meant, write '{slip}'.");
        }
    }

    private static string OnlyPlace(ImageLocation location, string place) => location.Transport == ImageTransport.DockerDaemon
        ? $"the place, {DockerEngine}, or a script block that names each, such as "
            + $"{{ \"{DockerEngine}{place.Split(':')[1]}/$($_.Repository):$($_.Tag)\" }}"
        : $"the folder, {location.PlaceName}";

    private static string Leaf(ImageReference? source) =>
        source is null ? "repository:tag" : LocalName(source, DestinationNaming.Leaf) + TagOf(source, null);

    // In a folder an image keeps the repository in its name, so that the way back knows it.
    private static ImageLocation Below(ImageLocation folder, ImageReference source, DestinationNaming naming, string? suffix)
    {
        var tag = TagOf(source, suffix);
        if (folder.IsDocker)
        {
            return DockerName(folder, source, naming, tag);
        }

        var name = LocalName(source, naming) + (tag.Length > 0 ? tag : "@" + source.Digest);
        return folder.HoldsMany
            ? folder.WithName(name)
            : folder.WithPath(Path.Combine(folder.Path!, FolderName.WritePath(name, Path.DirectorySeparatorChar == '\\')));
    }

    // Docker's names are registries' names: with -Naming Full it is the image's own. What came by a digest has none.
    private static ImageLocation DockerName(ImageLocation place, ImageReference source, DestinationNaming naming, string tag)
    {
        if (tag.Length == 0)
        {
            return place.Transport == ImageTransport.DockerArchive
                ? place
                : throw new OciException(
                    OciErrorKind.ReferenceInvalid,
                    $"'{source}' is named by a digest, and an image in Docker is called by a tag; copy it under a name you choose.");
        }

        var host = naming == DestinationNaming.Full && source.Registry.Length > 0 ? source.Registry + "/" : string.Empty;
        return place.WithName(Parse(host + (host.Length > 0 ? source.Repository : LocalName(source, naming)) + tag, place.ToString()).ToString());
    }

    private static ImageLocation ParseLocation(string text)
    {
        try
        {
            return ImageLocation.Parse(text);
        }
        catch (ReferenceException e)
        {
            throw new OciException(OciErrorKind.ReferenceInvalid, $"The destination {e.Message}", e);
        }
    }

    private static string LocalName(ImageReference source, DestinationNaming naming) => naming switch
    {
        DestinationNaming.Path => source.Repository,
        DestinationNaming.Full =>
            (source.Registry.Replace(':', '-').Replace("[", string.Empty).Replace("]", string.Empty) + "/" + source.Repository).TrimStart('/'),
        DestinationNaming.Flat => source.Repository.Replace('/', '-'),
        _ => source.Repository.Substring(source.Repository.LastIndexOf('/') + 1),
    };

    private static string TagOf(ImageReference source, string? suffix)
    {
        var tag = source.Tag ?? (source.Digest is null ? ImageReference.DefaultTag : null);
        return tag is null ? string.Empty : ":" + tag + suffix;
    }

    private static string CheckPlace(string place)
    {
        var text = (place ?? string.Empty).Trim().TrimEnd('/');
        if (text.StartsWith("docker://", StringComparison.Ordinal))
        {
            text = text.Substring("docker://".Length);
        }

        if (text.Length == 0 || !RegistryHost.LooksLikeHost(text.Split('/')[0]))
        {
            throw new OciException(
                OciErrorKind.ReferenceInvalid,
                $"The destination '{LoginText.Hide(place ?? string.Empty)}' names no registry; write host/namespace, such as registry.corp.local/mirror or "
                + "docker.io/me.");
        }

        return text;
    }

    private static ImageReference Parse(string name, string place) =>
        ImageReference.TryParse(name, out var reference, out var fault)
            ? reference!
            : throw new OciException(
                OciErrorKind.ReferenceInvalid, $"The destination '{LoginText.Hide(place)}' gives the name '{LoginText.Hide(name)}': {fault}.");
}
