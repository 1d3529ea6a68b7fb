using System.Globalization;
using OciSync.Core.Conversion;
using OciSync.Core.Images;
using OciSync.Core.Signing.Judging;
using OciSync.Core.Signing.Signers;

namespace OciSync.Core.Rows;

/// <summary>What a row says of an image, as an entry of our format does on one line: <c>{ platforms: ['linux/amd64'] }</c>.</summary>
internal static class EntryText
{
    /// <summary>
    /// What of an image, whether what speaks of it comes along, what it is converted to, who lets it in, and who signs it; null for all of it alone as it is,
    /// as the command says.
    /// </summary>
    internal static string? Of(ImageSelection? selection, bool referrers, ConversionOptions? conversion, EntryTrust? trust = null,
        EntrySigning? signing = null) =>
        Join(SelectionKeys(selection, referrers).Concat(ConversionKeys(conversion)).Concat(TrustKeys(trust)).Concat(SigningKeys(signing)));

    /// <summary>Who signs an image, where an entry said so, as keys and values.</summary>
    internal static IEnumerable<string> SigningKeys(EntrySigning? signing)
    {
        if (signing is not null)
        {
            yield return "sign: " + (Join(SigningParts(signing)) ?? "none");
        }
    }

    private static IEnumerable<string> SigningParts(EntrySigning signing)
    {
        (string Key, string? Value)[] parts =
        [
            ("keys", signing.KeyPaths.Count > 0 ? List(signing.KeyPaths) : null),
            ("by", signing.GpgKeys.Count > 0 ? List(signing.GpgKeys) : null),
            ("format", signing.Format?.ToString()),
            ("identity", signing.Identity is { } name ? Quote(name) : null),
            ("passphrasePath", signing.PassphrasePath is { } path ? Quote(path) : null),
            ("passphraseVariable", signing.PassphraseVariable is { } variable ? Quote(variable) : null),
        ];
        return parts.Where(p => p.Value is not null).Select(p => $"{p.Key}: {p.Value}");
    }

    /// <summary>Who lets an image in, where an entry said so, as keys and values.</summary>
    internal static IEnumerable<string> TrustKeys(EntryTrust? trust)
    {
        if (trust?.PolicyPath is { } path)
        {
            yield return "policy: " + Quote(path);
        }

        if (trust?.Words is { Count: > 0 } words)
        {
            yield return "signatures: " + (words.Count == 1 ? words[0] : $"[{string.Join(", ", words)}]");
        }
    }

    /// <summary>What of an image as keys and values; none for all of it.</summary>
    internal static IEnumerable<string> SelectionKeys(ImageSelection? selection, bool referrers)
    {
        if (selection?.Platforms.Count > 0)
        {
            yield return "platforms: " + List(selection.Platforms.Select(p => p.ToString()));
        }

        if (selection?.ExcludeAttestation == true)
        {
            yield return "excludeAttestation: true";
        }

        if (selection?.KeepIndex == true)
        {
            yield return "keepIndex: true";
        }

        if (referrers)
        {
            yield return "referrers: true";
        }
    }

    /// <summary>What becomes of manifests and layers as keys and values; none where they stay as they are.</summary>
    internal static IEnumerable<string> ConversionKeys(ConversionOptions? conversion)
    {
        if (conversion?.Format is { } format)
        {
            yield return "format: " + format;
        }

        if (conversion?.Compression is { } compression)
        {
            yield return "compression: " + compression;
        }

        if (conversion?.CompressionLevel is { } level)
        {
            yield return "compressionLevel: " + Number(level);
        }
    }

    /// <summary>Texts as a list on one line.</summary>
    internal static string List(IEnumerable<string> values) => "[" + string.Join(", ", values.Select(Quote)) + "]";

    /// <summary>A text that stays one, whatever is in it.</summary>
    internal static string Quote(string text) => "'" + text.Replace("'", "''") + "'";

    /// <summary>Keys and values as one mapping on a line; null where there are none.</summary>
    internal static string? Join(IEnumerable<string> keys) => string.Join(", ", keys) is { Length: > 0 } text ? "{ " + text + " }" : null;

    internal static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
