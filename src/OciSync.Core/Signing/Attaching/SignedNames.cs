using OciSync.Core.Errors;
using OciSync.Core.References;
using OciSync.Core.Signing.Signers;

namespace OciSync.Core.Signing.Attaching;

/// <summary>The names under which an image is signed: those that it is asked for by, as skopeo signs, or the one that was given.</summary>
internal static class SignedNames
{
    /// <summary>The names; none where every signature is a bundle, which has none.</summary>
    /// <param name="image">Where the image is.</param>
    /// <param name="references">The tags, names or digest it has there.</param>
    /// <param name="signing">Who signs.</param>
    /// <exception cref="OciException">The image has no name, and none was given.</exception>
    internal static IReadOnlyList<string> Of(ImageLocation image, IReadOnlyList<string> references, SigningOptions signing)
    {
        if (signing.Signers.All(s => s.Format == SignatureFormat.Bundle))
        {
            return [];
        }

        var name = signing.Identity ?? image.Image ?? throw new OciException(
            OciErrorKind.ReferenceInvalid,
            $"'{image}' has no name of a registry that could be signed. Give the name under which it will be asked for: "
                + "-SignIdentity registry/repository:tag.");
        return signing.Identity is { IsRepository: false }
            ? [name.ToString()]
            : [.. references.Select(r => name.Name + EndOf(r, image)).Distinct(StringComparer.Ordinal)];
    }

    // What an image is called by: a tag, or its digest; in a layout, the tag at the end of a name.
    private static string EndOf(string reference, ImageLocation image)
    {
        var digest = reference.StartsWith(ImageLocation.UnnamedImage, StringComparison.Ordinal)
            ? reference.Substring(1)
            : reference.Substring(reference.IndexOf('@') + 1);
        if (Digest.TryParse(digest, out _, out _))
        {
            return "@" + digest;
        }

        var tag = image.Image is not null ? reference : TagOf(reference);
        return ReferenceParser.FindTagFault(tag, tag) is null && tag.Length > 0
            ? ":" + tag
            : throw new OciException(
                OciErrorKind.ReferenceInvalid, $"'{image}' has no tag that could be signed; give the name with one: -SignIdentity registry/repository:tag.");
    }

    // A whole name without a tag means what it means everywhere.
    private static string TagOf(string name)
    {
        var colon = name.LastIndexOf(':');
        return colon > name.LastIndexOf('/') ? name.Substring(colon + 1) : name.Contains('/') ? "latest" : name;
    }
}
