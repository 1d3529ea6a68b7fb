using Docker.DotNet;
#if NET
using System.Net.Sockets;
using Docker.DotNet.NativeHttp;
#endif

namespace OciSync.Core.Polyfills;

/// <summary>The client of a Docker engine behind a Unix socket.</summary>
internal static class DaemonSocket
{
    /// <summary>Builds the client.</summary>
    /// <param name="builder">With everything but where the engine is.</param>
    /// <param name="path">The socket, whatever its name.</param>
    /// <exception cref="FormatException">On .NET Framework: its file name could not be that of a host, which the library wants there.</exception>
    internal static DockerClient Build(DockerClientBuilder builder, string path)
    {
#if NET
        return builder.WithEndpoint(new Uri("http://localhost/")).WithTransportOptions(new NativeHttpTransportOptions
        {
            ConfigureHandler = handler =>
            {
                handler.UseProxy = false;
                handler.ConnectCallback = (_, token) => ConnectAsync(path, token);
            },
        }).Build();
#else
        return builder.WithEndpoint(new Uri("unix://" + path)).Build();
#endif
    }

#if NET
    private static async ValueTask<Stream> ConnectAsync(string path, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
#endif
}
