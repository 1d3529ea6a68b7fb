using System.Collections.Concurrent;
using OciSync.Core.Errors;
using OciSync.Core.References;
using OciSync.Core.Registry;
using OciSync.Core.Transports;

namespace OciSync.Core.Removing;

/// <summary>Removes images, wherever they are.</summary>
internal sealed class ImageRemover(RegistryPool pool)
{
    private readonly ConcurrentDictionary<string, TagDigests> _tags = new(StringComparer.Ordinal);

    internal Task<OciRemovedImage?> RunAsync(
        ImageLocation reference, bool isReadOnly, Func<RemovalQuestion, Task<bool>> confirm, CancellationToken cancellationToken)
    {
        if (reference.Image is { } image)
        {
            return image.IsRepository
                ? throw new OciException(
                    OciErrorKind.TagRequired,
                    $"'{image}' is a whole repository. Name the image, {image}:latest, or send tags: Get-OciTag {image} -Include '…' | Remove-OciImage")
                : RemoveAsync(pool.GetClient(image), image, isReadOnly, confirm, cancellationToken);
        }

        return reference.Transport == ImageTransport.Oci
            ? new LayoutRemover((OciLayout)pool.GetFolder(reference), reference, confirm, cancellationToken).RunAsync(isReadOnly)
            : throw new OciException(
                OciErrorKind.TransportUnsupported, $"'{reference}' is not removed: images are removed from registries and from oci: layouts. It is files: use Remove-Item.");
    }

    private Task<OciRemovedImage?> RemoveAsync(
        RegistryClient client, ImageReference image, bool isReadOnly, Func<RemovalQuestion, Task<bool>> confirm, CancellationToken cancellationToken) =>
        new RegistryRemover(client, _tags.GetOrAdd(client.Key, _ => new TagDigests(client)), image, confirm, cancellationToken).RunAsync(isReadOnly);
}
