using Microsoft.AspNetCore.Hosting;

namespace OciSync.Core.Listening;

/// <summary>The transport tells an application that it has to end; there is none here, the server is stopped by who started it.</summary>
internal sealed class NoApplicationLifetime : IApplicationLifetime
{
    public CancellationToken ApplicationStarted => CancellationToken.None;

    public CancellationToken ApplicationStopping => CancellationToken.None;

    public CancellationToken ApplicationStopped => CancellationToken.None;

    public void StopApplication()
    {
    }
}
