using System.Globalization;

namespace OciSync.Core.Uploads;

/// <summary>The <c>Range</c> header by which a registry says what it has of an upload: <c>0-49999</c> (distribution-spec 1.1).</summary>
internal static class UploadRange
{
    /// <summary>The number of bytes that it has; null when it doesn't say. Nothing at all is <c>0-0</c>, which one byte would be too.</summary>
    internal static long? ReadEnd(string? header)
    {
        var text = header ?? string.Empty;
        text = text.StartsWith("bytes=", StringComparison.OrdinalIgnoreCase) ? text.Substring("bytes=".Length) : text;
        return text.StartsWith("0-", StringComparison.Ordinal)
            && long.TryParse(text.Substring(2), NumberStyles.None, CultureInfo.InvariantCulture, out var last) && last < long.MaxValue
            ? (last == 0 ? 0 : last + 1)
            : null;
    }
}
