using System.Text;
using Microsoft.AspNetCore.Http;

namespace OciSync.Testing.Registry.Auth;

/// <summary>Reads an <c>Authorization: Basic</c> header.</summary>
internal static class BasicCredentials
{
    internal static (string Name, string Password)? Read(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        if (!header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var buffer = new byte[header.Length];
        if (!Convert.TryFromBase64String(header[6..].Trim(), buffer, out var count))
        {
            return ("", "");
        }

        var pair = Encoding.UTF8.GetString(buffer, 0, count);
        var colon = pair.IndexOf(':');
        return colon < 0 ? (pair, "") : (pair[..colon], pair[(colon + 1)..]);
    }
}
