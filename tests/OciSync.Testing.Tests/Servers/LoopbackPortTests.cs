using System.Net;
using System.Net.Sockets;
using OciSync.Testing.Servers;

namespace OciSync.Testing.Tests.Servers;

public sealed class LoopbackPortTests
{
    [Fact]
    public void A_port_is_free_given_once_and_none_that_the_system_gives()
    {
        var ports = Enumerable.Range(0, 50).Select(_ => LoopbackPort.Free()).ToList();
        Assert.Equal(50, ports.Distinct().Count());
        Assert.All(ports, port => Assert.InRange(port, 1024, 32767));

        using var listener = new TcpListener(IPAddress.Loopback, ports[0]);
        listener.Start();
        Assert.Equal(ports[0], ((IPEndPoint)listener.LocalEndpoint).Port);
    }
}
