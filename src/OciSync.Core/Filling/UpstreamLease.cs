using OciSync.Core.Places;

namespace OciSync.Core.Filling;

/// <summary>The upstream registries for as long as one piece of work needs them.</summary>
internal sealed class UpstreamLease(RegistryPool pool, Action onEnd) : IDisposable
{
    private int _isEnded;

    internal RegistryPool Pool => pool;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isEnded, 1) == 0)
        {
            onEnd();
        }
    }
}
