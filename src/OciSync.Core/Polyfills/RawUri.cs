namespace OciSync.Core.Polyfills;

/// <summary>A URI whose path and query are sent as written; where the platform can't, they are sent as it normalizes them.</summary>
internal static class RawUri
{
    internal static Uri Create(string text)
    {
#if NET
        var uri = new Uri(text, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });

        // "https://[::1].evil.test/x" is taken for the host [::1] and the path ".evil.test/x": what has no slash would run into the host that it is put behind.
        return uri.PathAndQuery.StartsWith("/", StringComparison.Ordinal) ? uri : new Uri(text);
#else
        return new Uri(text);
#endif
    }
}
