using System.Net.Sockets;

namespace OciSync.Core.Diagnosis;

/// <summary>Whether somebody takes connections at a host and port; nothing is sent.</summary>
internal static class Listener
{
    internal static async Task<bool> AcceptsAsync(Uri address, TimeSpan limit)
    {
        using var client = new TcpClient();
        var connecting = ConnectAsync(client, address);
        return await Task.WhenAny(connecting, Task.Delay(limit)).ConfigureAwait(false) == connecting && await connecting.ConfigureAwait(false);
    }

    // Also the end of a connection that nobody waits for any more.
    private static async Task<bool> ConnectAsync(TcpClient client, Uri address)
    {
        try
        {
            await client.ConnectAsync(address.IdnHost, address.Port).ConfigureAwait(false);
            return true;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or NullReferenceException)
        {
            return false;
        }
    }
}
