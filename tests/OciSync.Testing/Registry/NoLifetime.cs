using Microsoft.Extensions.Hosting;

namespace OciSync.Testing.Registry;

/// <summary>Leaves Ctrl+C and signals to the process that embeds the server.</summary>
internal sealed class NoLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
