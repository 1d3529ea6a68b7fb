using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace OciSync.Testing;

/// <summary>Digests as the OCI specifications write them, as plain strings.</summary>
public static partial class ContentDigest
{
    /// <summary>The sha256 digest of the bytes.</summary>
    public static string Of(ReadOnlySpan<byte> bytes) => FromHash("sha256", SHA256.HashData(bytes));

    /// <summary>The digest of the stream's rest, by the algorithm of another digest.</summary>
    public static async Task<string> OfAsync(Stream stream, string algorithmOf, CancellationToken cancellationToken = default)
    {
        return algorithmOf.StartsWith("sha512:", StringComparison.Ordinal)
            ? FromHash("sha512", await SHA512.HashDataAsync(stream, cancellationToken))
            : FromHash("sha256", await SHA256.HashDataAsync(stream, cancellationToken));
    }

    internal static bool IsWellFormed(string text) => Pattern().IsMatch(text);

    internal static string FromHash(string algorithm, ReadOnlySpan<byte> hash) => $"{algorithm}:{Convert.ToHexStringLower(hash)}";

    [GeneratedRegex("^(sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$")]
    private static partial Regex Pattern();
}
