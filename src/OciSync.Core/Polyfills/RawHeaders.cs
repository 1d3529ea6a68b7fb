using System.Net.Http;
using System.Net.Http.Headers;

namespace OciSync.Core.Polyfills;

/// <summary>Headers as they came: the platform's own reading of an address decodes some of its escapes, and signatures are made of them.</summary>
internal static class RawHeaders
{
    /// <summary>The first value of a header, or null; it is neither read nor checked by the platform.</summary>
    internal static string? Find(HttpHeaders headers, string name)
    {
#if NET
        if (headers.NonValidated.TryGetValues(name, out var values))
        {
            foreach (var value in values)
            {
                return value;
            }
        }

        return null;
#else
        return headers.TryGetValues(name, out var values) ? values.First() : null;
#endif
    }

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
