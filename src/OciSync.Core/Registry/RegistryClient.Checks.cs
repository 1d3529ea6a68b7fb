using System.Net.Http;
using OciSync.Core.References;

namespace OciSync.Core.Registry;

/// <content>What is asked of blobs without reading them.</content>
internal sealed partial class RegistryClient
{
    /// <summary>The size of a blob by a HEAD; -1 when the registry doesn't say; null when it is missing.</summary>
    internal async Task<long?> FindBlobSizeAsync(Digest digest, Action? onRetry, CancellationToken cancellationToken)
    {
        var request = BlobRequest(HttpMethod.Head, digest, [200, 404]);
        using var answer = await SendAsync(request, onRetry, cancellationToken).ConfigureAwait(false);
        return (int)answer.Status == 404 ? null : answer.ContentLength ?? -1;
    }
}
