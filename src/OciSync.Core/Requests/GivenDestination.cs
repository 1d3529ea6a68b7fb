using System.Collections.Concurrent;
using OciSync.Core.Errors;
using OciSync.Core.References;

namespace OciSync.Core.Requests;

/// <summary>A destination as the user gave it, read once; the names of images there come from it.</summary>
public sealed class GivenDestination
{
    // Alone it names no image, and is a place for many.
    private const string DockerEngine = "docker-daemon:";

    private readonly string _text;
    private readonly bool _isRegistry;
    private readonly ImageLocation? _location;
    private readonly Exception? _fault;
    private readonly ConcurrentDictionary<string, ImageReference> _repositories = new(StringComparer.Ordinal);

    private GivenDestination(string text, bool isRegistry, ImageLocation? location, Exception? fault)
    {
        _text = text;
        _isRegistry = isRegistry;
        _location = location;
        _fault = fault;
        Text = LoginText.Hide(string.IsNullOrEmpty(location?.Path) ? text : location!.ToString());
    }

    /// <summary>What the user gave, as it may be shown: a login in it is left out, and the path of a folder is as it was read.</summary>
    public string Text { get; }

    /// <summary>The text as the place of one image; a registry alone is an image of Docker Hub by the grammar of references.</summary>
    /// <exception cref="OciException">It is none.</exception>
    public ImageLocation Location => _location ?? throw (_fault is OciException known
        ? new OciException(known.Kind, known.Message, known)
        : new OciException(OciErrorKind.ReferenceInvalid, $"The destination {_fault!.Message}", _fault));

    /// <summary>Reads a text. It never fails: what is wrong with it is told when a name is asked for.</summary>
    public static GivenDestination Read(string text) => Read(text, ImageLocation.Parse);

    /// <summary>The same, where the caller knows of folders that paths are relative to, and of drives.</summary>
    /// <param name="text">The text.</param>
    /// <param name="parse">Reads a location.</param>
    public static GivenDestination Read(string text, Func<string, ImageLocation> parse)
    {
        var isRegistry = !ImageLocation.HasTransport(text);
        try
        {
            return new GivenDestination(text, isRegistry, parse(text), null);
        }
        catch (Exception e) when (e is OciException or ReferenceException)
        {
            return new GivenDestination(text, isRegistry, null, e);
        }
    }

    /// <summary>The full name of a source below this place (<c>host</c>, <c>host/namespace</c> or a folder).</summary>
    /// <exception cref="OciException">The place names no registry, or the name that comes out is none.</exception>
    public ImageLocation Below(ImageReference source, DestinationNaming naming, string? suffix)
    {
        if (_isRegistry)
        {
            return InRegistry(LocalName(source, naming), source, suffix);
        }

        var place = _text.Trim() == DockerEngine ? ImageLocation.DockerEngine : Location;
        return place is { Name: null, Index: null }
            ? Below(place, source, naming, suffix)
            : throw new OciException(
                OciErrorKind.ReferenceInvalid, $"The destination '{Text}' names an image; for many images write only {OnlyPlace(place, Text.Trim())}.");
    }

    /// <summary>The destination as a full name; without a tag it gets the source's.</summary>
    /// <exception cref="OciException">It is no reference.</exception>
    public ImageLocation Exact(ImageReference? source)
    {
        if (_isRegistry)
        {
            RefuseSlip(source);
            var reference = _location?.Image ?? Parse(_text);
            return reference.IsRepository && source?.Tag is not null ? reference.WithTag(source.Tag) : reference;
        }

        if (Location.Index is not null)
        {
            throw new OciException(OciErrorKind.ReferenceInvalid, $"The destination '{Text}' can't be a place in an index; write oci:path:name.");
        }

        return Location.Transport == ImageTransport.DockerDaemon && Digest.TryParse(Location.Name ?? string.Empty, out _, out _)
            ? throw new OciException(OciErrorKind.ReferenceInvalid, $"The destination '{Text}' is the id of an image; write docker-daemon:repository:tag.")
            : Location;
    }

    /// <summary>Refuses a registry alone as the name of an image.</summary>
    /// <param name="source">What would go there, for the message; null when that has no name.</param>
    /// <exception cref="OciException">It looks like a registry (<see cref="OciErrorKind.ReferenceInvalid"/>).</exception>
    public void RefuseSlip(ImageReference? source)
    {
        if (HostSlip.Find(_text) is { } slip)
        {
            throw new OciException(
                OciErrorKind.ReferenceInvalid,
                $"The destination '{_text}' means the image '{slip.WithDefaultTag()}' of Docker Hub. {HostSlip.Explain(_text, Leaf(source))}; "
                    + $"if the image is meant, write '{slip}'.");
        }
    }

    // A repository's name is read once, and its many tags share it.
    private ImageReference InRegistry(string local, ImageReference source, string? suffix)
    {
        if (source.Tag is not null && _repositories.TryGetValue(local, out var known) && source.Tag + suffix is var tag
            && ReferenceParser.FindTagFault(tag, local) is null)
        {
            return new ImageReference(known.Registry, known.Repository, tag, null);
        }

        var image = Parse(CheckPlace() + "/" + local + TagOf(source, suffix));
        _repositories[local] = image;
        return image;
    }

    private static string OnlyPlace(ImageLocation location, string place) => location.Transport == ImageTransport.DockerDaemon
        ? $"the place, {DockerEngine}, or a script block that names each, such as "
            + $"{{ \"{DockerEngine}{place.Split(':')[1]}/$($_.Repository):$($_.Tag)\" }}"
        : $"the folder, {location.PlaceName}";

    private static string Leaf(ImageReference? source) =>
        source is null ? "repository:tag" : LocalName(source, DestinationNaming.Leaf) + TagOf(source, null);

    // In a folder an image keeps the repository in its name, so that the way back knows it.
    private ImageLocation Below(ImageLocation folder, ImageReference source, DestinationNaming naming, string? suffix)
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
    private ImageLocation DockerName(ImageLocation place, ImageReference source, DestinationNaming naming, string tag)
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
        return place.WithName(Parse(host + (host.Length > 0 ? source.Repository : LocalName(source, naming)) + tag).ToString());
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

    private string CheckPlace()
    {
        var text = _text.Trim().TrimEnd('/');
        if (text.StartsWith("docker://", StringComparison.Ordinal))
        {
            text = text.Substring("docker://".Length);
        }

        if (text.Length == 0 || !RegistryHost.LooksLikeHost(text.Split('/')[0]))
        {
            throw new OciException(
                OciErrorKind.ReferenceInvalid,
                $"The destination '{Text}' names no registry; write host/namespace, such as registry.corp.local/mirror or docker.io/me.");
        }

        return text;
    }

    private ImageReference Parse(string name) =>
        ImageReference.TryParse(name, out var reference, out var fault)
            ? reference!
            : throw new OciException(OciErrorKind.ReferenceInvalid, $"The destination '{Text}' gives the name '{LoginText.Hide(name)}': {fault}.");
}
