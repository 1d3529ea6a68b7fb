using OciSync.Core.Errors;
using OciSync.Core.References;

namespace OciSync.Core.Syncing;

/// <summary>Names at destinations: pure functions of the source's name.</summary>
public static class DestinationName
{
    /// <summary>The full name of a source below <paramref name="place"/> (<c>host</c> or <c>host/namespace</c>).</summary>
    /// <exception cref="OciException">The place names no registry, or the name that comes out is none.</exception>
    public static ImageReference Below(string place, ImageReference source, DestinationNaming naming, string? suffix)
    {
        var root = CheckPlace(place);
        return Parse(root + "/" + LocalName(source, naming) + TagOf(source, suffix), place);
    }

    /// <summary>A full name given by the user; without a tag it gets the source's.</summary>
    /// <exception cref="OciException">It is no reference.</exception>
    public static ImageReference Exact(string name, ImageReference? source)
    {
        var reference = Parse(name, name);
        return reference.IsRepository && source?.Tag is not null ? reference.WithTag(source.Tag) : reference;
    }

    private static string LocalName(ImageReference source, DestinationNaming naming) => naming switch
    {
        DestinationNaming.Path => source.Repository,
        DestinationNaming.Full => source.Registry.Replace(':', '-').Replace("[", string.Empty).Replace("]", string.Empty) + "/" + source.Repository,
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
                $"The destination '{place}' names no registry; write host/namespace, such as registry.corp.local/mirror or docker.io/me.");
        }

        return text;
    }

    private static ImageReference Parse(string name, string place) =>
        ImageReference.TryParse(name, out var reference, out var fault)
            ? reference!
            : throw new OciException(OciErrorKind.ReferenceInvalid, $"The destination '{place}' gives the name '{name}': {fault}.");
}
