using OciSync.Core.Errors;
using OciSync.Core.References;
using OciSync.Core.Registry;
using OciSync.Core.Transports;

namespace OciSync.Core.Removing;

/// <summary>Removes an image, wherever it is.</summary>
internal static class ImageRemover
{
    internal static Task<OciRemovedImage?> RunAsync(
        RegistryPool pool, ImageLocation reference, bool isReadOnly, Func<RemovalQuestion, Task<bool>> confirm, CancellationToken cancellationToken)
    {
        if (reference.Image is { } image)
        {
            return image.IsRepository
                ? throw new OciException(
                    OciErrorKind.TagRequired,
                    $"'{image}' is a whole repository. Name the image, {image}:latest, or send tags: Get-OciTag {image} -Include '…' | Remove-OciImage")
                : new RegistryRemover(pool.GetClient(image), image, confirm, cancellationToken).RunAsync(isReadOnly);
        }

        return reference.Transport == ImageTransport.Oci
            ? new LayoutRemover((OciLayout)pool.GetFolder(reference), reference, confirm, cancellationToken).RunAsync(isReadOnly)
            : throw new OciException(
                OciErrorKind.TransportUnsupported, $"'{reference}' is not removed: images are removed from registries and from oci: layouts. It is files: use Remove-Item.");
    }
}
