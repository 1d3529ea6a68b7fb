using System.Globalization;
using OciSync.Core.Conversion;
using OciSync.Core.Images;
using OciSync.Core.Signing.Judging;

namespace OciSync.Core.Rows;

/// <summary>What a row says of an image, as an entry of our format does on one line: <c>{ platforms: ['linux/amd64'] }</c>.</summary>
internal static class EntryText
{
    /// <summary>
    /// What of an image, whether what speaks of it comes along, what it is converted to, and who lets it in; null for all of it alone as it is,
    /// as the command says.
    /// </summary>
    internal static string? Of(ImageSelection? selection, bool referrers, ConversionOptions? conversion, EntryTrust? trust = null) =>
        Join(SelectionKeys(selection, referrers).Concat(ConversionKeys(conversion)).Concat(TrustKeys(trust)));

    /// <summary>Who lets an image in, where an entry said so, as keys and values.</summary>
    internal static IEnumerable<string> TrustKeys(EntryTrust? trust)
    {
        if (trust?.PolicyPath is { } path)
        {
            yield return "policy: " + Quote(path);
        }

        if (trust?.Demand is { } demand)
        {
            yield return "signatures: " + demand;
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
