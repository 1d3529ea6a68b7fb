using OciSync.Core.Http;

namespace OciSync.Core.Registry;

/// <summary>A blob that is about to be read, and the mirror that sends it; null for the registry itself.</summary>
internal sealed class OpenedBlob(HttpAnswer answer, RegistryClient? mirror) : IDisposable
{
    internal HttpAnswer Answer { get; } = answer;

    internal RegistryClient? Mirror { get; } = mirror;

    public void Dispose() => Answer.Dispose();
}
