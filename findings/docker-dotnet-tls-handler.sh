#!/usr/bin/env bash
# Docker.DotNet.Enhanced 4.3.3: an IAuthProvider is handed "the handler" to set TLS on. Which one it is depends on the scheme and the transport,
# and by default it is the package's own Microsoft.Net.Http.Client.ManagedHandler for tcp: and https:, on .NET 10 too, not a SocketsHttpHandler:
# TLS settings made on SocketsHttpHandler.SslOptions alone are never used, and a provider that waits for that type fails everywhere.
# With NativeHttpTransportOptions it is the SocketsHttpHandler.
# The second trap: the path of the address is put before the request without a slash: tcp://host/base asks for /baseimages/json.
# Needs: the .NET SDK 10. Everything else is in a temporary folder; the requests go to a listener of its own on 127.0.0.1.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
cat >app.cs <<'EOF'
#:package Docker.DotNet.Enhanced@4.3.3
#:property PublishAot=false
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Text;
using Docker.DotNet;
using Docker.DotNet.Handler.Abstractions;
using Docker.DotNet.NativeHttp;

Console.WriteLine("Docker.DotNet.Enhanced " + typeof(DockerClient).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0]);
foreach (var address in new[] { "tcp://127.0.0.1:1", "https://127.0.0.1:1" })
{
    var usual = new Provider();
    new DockerClientBuilder().WithEndpoint(new Uri(address)).WithAuthProvider(usual).Build().Dispose();
    var native = new Provider();
    new DockerClientBuilder().WithEndpoint(new Uri(address)).WithAuthProvider(native).WithTransportOptions(new NativeHttpTransportOptions()).Build().Dispose();
    Console.WriteLine($"{address}: by default {usual.Given}, with NativeHttpTransportOptions {native.Given}");
}

foreach (var path in new[] { "", "/base", "/base/" })
{
    Console.WriteLine($"tcp://127.0.0.1:port{path} asks: {await AskedAsync(path)}");
}

static async Task<string> AskedAsync(string path)
{
    using var listener = new TcpListener(IPAddress.Loopback, 0);
    listener.Start();
    using var client = new DockerClientBuilder().WithEndpoint(new Uri($"tcp://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}{path}")).Build();
    var asking = client.System.PingAsync();
    using var connection = await listener.AcceptTcpClientAsync();
    using var reader = new StreamReader(connection.GetStream());
    var line = await reader.ReadLineAsync();
    await connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nOK"));
    await asking;
    return line ?? "nothing";
}

sealed class Provider : IAuthProvider
{
    public string Given { get; private set; } = "nothing";

    public bool TlsEnabled => true;

    public HttpMessageHandler ConfigureHandler(HttpMessageHandler handler)
    {
        Given = handler.GetType().FullName!;
        return handler;
    }
}
EOF
dotnet run app.cs | tee out
for line in 'tcp://127.0.0.1:1: by default Microsoft.Net.Http.Client.ManagedHandler, with NativeHttpTransportOptions System.Net.Http.SocketsHttpHandler' \
    'https://127.0.0.1:1: by default Microsoft.Net.Http.Client.ManagedHandler, with NativeHttpTransportOptions System.Net.Http.SocketsHttpHandler' \
    'port/base asks: GET /base_ping HTTP/1.1' 'port/base/ asks: GET /base/_ping HTTP/1.1'; do
    grep -qF "$line" out || { echo "CHANGED: no line '$line'"; exit 1; }
done
echo "as found: the provider is given the package's own handler, and a path without a slash at its end is glued to the request"
