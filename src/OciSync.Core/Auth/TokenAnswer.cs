using System.Text.Json;
using OciSync.Core.Errors;

namespace OciSync.Core.Auth;

/// <summary>What a token server answers. The token itself is never looked into; it must only be one that a header can hold.</summary>
internal static class TokenAnswer
{
    // What a server's header still takes beside other headers.
    private const int LongestToken = 64 * 1024;

    // What the specification says where the server doesn't.
    private static readonly TimeSpan DefaultLife = TimeSpan.FromSeconds(60);

    /// <exception cref="OciException">It holds no token.</exception>
    internal static Token Read(byte[] body, DateTimeOffset asked, string registry)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var root = document.RootElement;
            var text = Text(root, "token") ?? Text(root, "access_token");
            if (text is not null)
            {
                return text.Length <= LongestToken && text.All(c => c is > ' ' and <= '~')
                    ? new Token(text, asked + TimeSpan.FromTicks(ReadLife(root).Ticks * 4 / 5))
                    : throw new OciException(OciErrorKind.ProtocolError, $"The token server of '{registry}' answered with a token that no header can hold.");
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new OciException(OciErrorKind.ProtocolError, $"The token server of '{registry}' answered with something that is not JSON.", e);
        }

        throw new OciException(OciErrorKind.ProtocolError, $"The token server of '{registry}' answered without a token.");
    }

    private static TimeSpan ReadLife(JsonElement root) =>
        root.TryGetProperty("expires_in", out var stated) && stated.ValueKind == JsonValueKind.Number && stated.TryGetDouble(out var seconds) && seconds > 0
            ? TimeSpan.FromSeconds(Math.Min(seconds, TimeSpan.FromDays(1).TotalSeconds))
            : DefaultLife;

    // Some servers fill one of the two names and leave the other an empty text.
    private static string? Text(JsonElement root, string name) =>
        root.ValueKind == JsonValueKind.Object && root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            && value.GetString() is { Length: > 0 } text
            ? text
            : null;
}
