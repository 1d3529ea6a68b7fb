using System.Net;
#if NET
using System.Net.Http;
#endif

namespace OciSync.Core.Polyfills;

/// <summary>The system's proxy setting, read only.</summary>
internal static class SystemProxy
{
#if NET
    internal static IWebProxy Get() => HttpClient.DefaultProxy;
#else
    internal static IWebProxy Get() => WebRequest.GetSystemWebProxy();
#endif
}
