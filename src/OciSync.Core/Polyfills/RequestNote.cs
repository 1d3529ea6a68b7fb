using System.Net.Http;

namespace OciSync.Core.Polyfills;

/// <summary>A value that goes with a request to whoever sends it, and never over the wire.</summary>
/// <param name="name">The key, alone in the process.</param>
internal sealed class RequestNote<T>(string name)
    where T : struct
{
#if NET
    private readonly HttpRequestOptionsKey<T> _key = new(name);

    internal void Set(HttpRequestMessage request, T value) => request.Options.Set(_key, value);

    /// <summary>The value, or null where none was set.</summary>
    internal T? Find(HttpRequestMessage request) => request.Options.TryGetValue(_key, out var value) ? value : null;
#else
    internal void Set(HttpRequestMessage request, T value) => request.Properties[name] = value;

    /// <summary>The value, or null where none was set.</summary>
    internal T? Find(HttpRequestMessage request) => request.Properties.TryGetValue(name, out var value) ? (T)value : null;
#endif
}
