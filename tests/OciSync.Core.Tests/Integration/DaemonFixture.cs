using OciSync.Testing.Servers;

namespace OciSync.Core.Tests.Integration;

/// <summary>One dockerd for the tests of a class; null where it can't run.</summary>
public sealed class DaemonFixture : IAsyncLifetime
{
    internal DockerDaemonProcess? Daemon { get; private set; }

    public async ValueTask InitializeAsync() => Daemon = DockerDaemonProcess.WhyMissing is null ? await DockerDaemonProcess.StartAsync() : null;

    public async ValueTask DisposeAsync()
    {
        if (Daemon is not null)
        {
            await Daemon.DisposeAsync();
        }
    }
}
