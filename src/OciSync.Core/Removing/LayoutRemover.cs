using OciSync.Core.Layouts;
using OciSync.Core.References;

namespace OciSync.Core.Removing;

/// <summary>Removes one image of an OCI layout, and the blobs that no other image needs. Another name of the same image stays.</summary>
internal sealed class LayoutRemover(
    OciLayout layout, ImageLocation reference, Func<RemovalQuestion, Task<bool>> confirm, CancellationToken cancellationToken)
{
    /// <summary>Removes it; null when that was not confirmed.</summary>
    internal async Task<OciRemovedImage?> RunAsync(bool isReadOnly)
    {
        var name = reference.ManifestReference;
        var image = await layout.FindAsync(name).ConfigureAwait(false) ?? throw layout.Missing(name);
        var digest = image.Manifest.Digest.ToString();
        var confirmed = await confirm(new RemovalQuestion(reference.ToString(), digest, [], true)).ConfigureAwait(false);
        if (isReadOnly || !confirmed)
        {
            return null;
        }

        var removal = await layout.RemoveAsync(
            index => index.Entries.Where(e => IsMeant(e, image)).ToList() is { Count: > 0 } entries ? entries : throw layout.Missing(name),
            cancellationToken).ConfigureAwait(false);
        return new OciRemovedImage { Reference = reference.ToString(), Digest = digest, BytesFreed = removal ?? 0 };
    }

    // By the index as it is under the lock: the same image, under the same name or at the same place.
    private static bool IsMeant(LayoutEntry entry, LayoutEntry image)
    {
        var parts = image.Content is null ? [image] : image.Parts;
        return parts.Any(p => p.Manifest.Digest == entry.Manifest.Digest)
            && (image.Name is null ? parts.Any(p => p.Index == entry.Index) : entry.Name == image.Name);
    }
}
