using OciSync.Core.References;

namespace OciSync.Core.Inspection;

/// <summary>What an image is called where it lies: registry and repository, as far as its place knows them, and the tag.</summary>
internal static class ImageNames
{
    /// <param name="reference">How it was asked for.</param>
    /// <param name="found">Its name in its place, where the reference says none; or null.</param>
    internal static (string Name, string? Tag) Of(ImageLocation reference, string? found)
    {
        if (reference.Image is { } image)
        {
            return (image.Name, image.Tag);
        }

        if (found is null)
        {
            // A folder of one image, or the id of one in a Docker engine.
            return (reference.IsDocker ? reference.ToString() : reference.PlaceName, null);
        }

        if (reference.IsDocker && ImageReference.TryParse(found, out var name, out _))
        {
            return (name!.Name, name.Tag);
        }

        // In a layout a name is repository:tag, repository@digest, or a tag alone.
        var at = found.IndexOf('@');
        var colon = at >= 0 ? at : found.LastIndexOf(':');
        return colon <= found.LastIndexOf('/') ? (reference.PlaceName, found) : (found.Substring(0, colon), at >= 0 ? null : found.Substring(colon + 1));
    }
}
