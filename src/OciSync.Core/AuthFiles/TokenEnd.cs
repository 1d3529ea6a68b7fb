using System.Text.Json;

namespace OciSync.Core.AuthFiles;

/// <summary>The end of a token that says it itself (RFC 7519, "exp"). It is only read: who made the token isn't looked at.</summary>
internal static class TokenEnd
{
    private const int LongestPart = 64 * 1024;

    /// <summary>The time; null for a token that is no JWT, or has none.</summary>
    internal static DateTimeOffset? Read(string token)
    {
        var parts = token.Split('.');
        if (parts.Length != 3 || parts[1].Length is 0 or > LongestPart)
        {
            return null;
        }

        try
        {
            var text = parts[1].Replace('-', '+').Replace('_', '/');
            using var document = JsonDocument.Parse(Convert.FromBase64String(text + new string('=', (4 - (text.Length % 4)) % 4)));
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("exp", out var end)
                && end.ValueKind == JsonValueKind.Number && end.TryGetDouble(out var seconds) && seconds is > 0 and < 253402300800
                    ? DateTimeOffset.FromUnixTimeSeconds((long)seconds)
                    : null;
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            // Three parts between dots, and no JWT: it says no time.
            return null;
        }
    }
}
