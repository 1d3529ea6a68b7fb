namespace OciSync.Core.Polyfills;

/// <summary>A URI whose path and query are sent as written; where the platform can't, they are sent as it normalizes them.</summary>
internal static class RawUri
{
    internal static Uri Create(string text)
    {
#if NET
        return new Uri(text, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
#else
        return new Uri(text);
#endif
    }
}
