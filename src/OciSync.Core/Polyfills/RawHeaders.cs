using System.Net.Http;

namespace OciSync.Core.Polyfills;

/// <summary>Headers as they came: the platform's own reading of an address decodes some of its escapes, and signatures are made of them.</summary>
internal static class RawHeaders
{
    /// <summary>The <c>Location</c> header, or null.</summary>
    internal static string? FindLocation(HttpResponseMessage response)
    {
#if NET
        return response.Headers.NonValidated.TryGetValues("Location", out var values) ? values.ToString() : null;
#else
        return response.Headers.Location?.OriginalString ?? (response.Headers.TryGetValues("Location", out var values) ? values.First() : null);
#endif
    }
}
