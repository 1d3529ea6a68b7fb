using System.Collections.Concurrent;
using OciSync.Core.Errors;
using OciSync.Core.Layouts;
using OciSync.Core.Places;
using OciSync.Core.References;
using OciSync.Core.Registry;

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
                OciErrorKind.TransportUnsupported,
                $"'{reference}' is not removed: images are removed from registries and from oci: layouts. {Remedy(reference)}");
    }

    // Who removes images there.
    private static string Remedy(ImageLocation reference) => reference.Transport switch
    {
        ImageTransport.DockerDaemon => $"Docker itself removes images of its engine: docker image rm {reference.Name}",
        ImageTransport.OciArchive or ImageTransport.DockerArchive =>
            "An archive is written as a whole. Copy the images that are to stay into a new one, or remove the file with all its images: "
                + $"Remove-Item '{reference.Path}'",
        ImageTransport.Dir => $"It is a folder of one image: Remove-Item -Recurse '{reference.Path}'",
        _ => "It is files that are no image by themselves.",
    };

    private Task<OciRemovedImage?> RemoveAsync(
        RegistryClient client, ImageReference image, bool isReadOnly, Func<RemovalQuestion, Task<bool>> confirm, CancellationToken cancellationToken) =>
        new RegistryRemover(client, _tags.GetOrAdd(client.Key, _ => new TagDigests(client)), image, confirm, cancellationToken).RunAsync(isReadOnly);
}
