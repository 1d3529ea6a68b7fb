using System.Net.Http;

namespace OciSync.Core.Polyfills;

/// <summary>The stream of a response body. Older platforms take no token here; the body's headers are in already, so it doesn't wait.</summary>
internal static class HttpContentExtensions
{
    internal static Task<Stream> OpenStreamAsync(this HttpContent content, CancellationToken cancellationToken)
    {
#if NET
        return content.ReadAsStreamAsync(cancellationToken);
#else
        cancellationToken.ThrowIfCancellationRequested();
        return content.ReadAsStreamAsync();
#endif
    }
}
