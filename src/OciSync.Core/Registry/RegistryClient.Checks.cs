using System.Net.Http;
using OciSync.Core.Flow;
using OciSync.Core.Http;
using OciSync.Core.References;

namespace OciSync.Core.Registry;

/// <content>What is asked of blobs without reading them.</content>
internal sealed partial class RegistryClient
{
    /// <summary>The size of a blob by a HEAD; -1 when the registry doesn't say; null when it is missing.</summary>
    internal async Task<long?> FindBlobSizeAsync(Digest digest, WorkScope work)
    {
        var request = BlobRequest(HttpMethod.Head, digest, Question.BlobHead);
        using (var answer = await SendAsync(request, work).ConfigureAwait(false))
        {
            if ((int)answer.Status == 200)
            {
                return answer.ContentLength ?? -1;
            }
        }

        // What only looks missing would be called a damage: GET has the last word.
        using var first = await SendAsync(BlobRequest(HttpMethod.Get, digest, Question.BlobProbe, FirstByte), work).ConfigureAwait(false);
        return (int)first.Status switch
        {
            200 => first.ContentLength ?? -1,
            206 => first.RangeTotal ?? -1,
            416 => 0,
            _ => null,
        };
    }
}
