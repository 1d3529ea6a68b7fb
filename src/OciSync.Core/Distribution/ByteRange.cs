using System.Globalization;

namespace OciSync.Core.Distribution;

/// <summary>The one part of a blob that a <c>Range</c> header asks for (RFC 9110, 14).</summary>
/// <param name="First">The first byte.</param>
/// <param name="Length">How many bytes; 0 when there are none of those that were asked for.</param>
internal sealed record ByteRange(long First, long Length)
{
    private const string Unit = "bytes=";

    /// <summary>There is nothing of what was asked for: status 416.</summary>
    internal bool IsEmpty => Length == 0;

    /// <summary>
    /// The part that a header asks for; null where there is no header or one that has no meaning here (another unit, several parts): then all
    /// of it is sent (RFC 9110, 14.2).
    /// </summary>
    internal static ByteRange? Read(string? header, long size)
    {
        if (header is null || !header.StartsWith(Unit, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var text = header.Substring(Unit.Length).Trim();
        var dash = text.IndexOf('-');
        if (dash < 0 || text.Contains(","))
        {
            return null;
        }

        var (first, last) = (ReadNumber(text.Substring(0, dash)), ReadNumber(text.Substring(dash + 1)));
        if (dash == 0)
        {
            // The last bytes, so many.
            return last is null ? null : new ByteRange(Math.Max(0, size - last.Value), Math.Min(size, last.Value));
        }

        var isOpen = dash == text.Length - 1;
        if (first is null || (!isOpen && (last is null || last < first)))
        {
            return null;
        }

        return first >= size ? new ByteRange(0, 0) : new ByteRange(first.Value, (isOpen ? size : Math.Min(size, last!.Value + 1)) - first.Value);
    }

    // Larger than any file is as good as the largest number.
    private static long? ReadNumber(string text) =>
        text.Length == 0 || !text.All(c => c is >= '0' and <= '9') ? null
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? Math.Min(number, long.MaxValue - 1) : long.MaxValue - 1;
}
