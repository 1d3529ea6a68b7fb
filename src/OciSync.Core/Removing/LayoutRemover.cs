using OciSync.Core.References;
using OciSync.Core.Transports;

namespace OciSync.Core.Removing;

/// <summary>Removes one image of an OCI layout, and the blobs that no other image needs. Another name of the same image stays.</summary>
internal sealed class LayoutRemover(
    OciLayout layout, ImageLocation reference, Func<RemovalQuestion, Task<bool>> confirm, CancellationToken cancellationToken)
{
    /// <summary>Removes it; null when that was not confirmed.</summary>
    internal async Task<OciRemovedImage?> RunAsync(bool isReadOnly)
    {
        var name = reference.ManifestReference;
        var head = await layout.HeadManifestAsync(name, null, cancellationToken).ConfigureAwait(false) ?? throw layout.Missing(name);
        var confirmed = await confirm(new RemovalQuestion(reference.ToString(), head.Digest.ToString(), [], true)).ConfigureAwait(false);
        if (isReadOnly || !confirmed)
        {
            return null;
        }

        var removal = await layout.RemoveAsync(
            index => index.Find(name) is { } entry && entry.Manifest.Digest == head.Digest
                ? index.Entries.Where(e => e.Index == entry.Index || (entry.Name is not null && e.Name == entry.Name)).ToList()
                : throw layout.Missing(name),
            cancellationToken).ConfigureAwait(false);
        return new OciRemovedImage { Reference = reference.ToString(), Digest = head.Digest.ToString(), BytesFreed = removal };
    }
}
