using System.Net.Http.Headers;

namespace OciSync.Testing.Registry.Endpoints;

/// <summary>One range of bytes, both ends included.</summary>
internal sealed record ByteRange(long Start, long End)
{
    /// <summary>Null for what is not one single range of bytes; such a header is to be ignored.</summary>
    internal static ByteRange? TryParse(string header, long total)
    {
        if (!RangeHeaderValue.TryParse(header, out var value) || value.Unit != "bytes" || value.Ranges.Count != 1)
        {
            return null;
        }

        var item = value.Ranges.First();
        return item.From is { } from
            ? new ByteRange(from, Math.Min(item.To ?? (total - 1), total - 1))
            : new ByteRange(Math.Max(0, total - (item.To ?? 0)), total - 1);
    }
}
