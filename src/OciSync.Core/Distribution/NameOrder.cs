namespace OciSync.Core.Distribution;

/// <summary>The order of lists (distribution-spec 1.1, "Listing Tags": lexical, case-insensitive), made total, and pages of such lists.</summary>
internal sealed class NameOrder : IComparer<string>
{
    /// <summary>The longest page that is sent, whatever is asked for.</summary>
    internal const int LongestPage = 10_000;

    internal static readonly NameOrder Default = new();

    public int Compare(string? x, string? y)
    {
        var order = string.Compare(x, y, StringComparison.OrdinalIgnoreCase);
        return order != 0 ? order : string.CompareOrdinal(x, y);
    }

    /// <summary>The names behind <paramref name="last"/>, so many; and whether there are more.</summary>
    /// <param name="sorted">All names, in this order.</param>
    /// <param name="last">The last name of the page before; empty for the first page. It doesn't have to be there any more.</param>
    /// <param name="count">How many are wanted; null for as many as a page holds.</param>
    internal static (IReadOnlyList<string> Page, bool HasMore) Cut(IReadOnlyList<string> sorted, string last, int? count)
    {
        var first = 0;
        if (last.Length > 0)
        {
            var found = sorted is List<string> list ? list.BinarySearch(last, Default) : sorted.ToList().BinarySearch(last, Default);
            first = found < 0 ? ~found : found + 1;
        }

        var length = Math.Min(sorted.Count - first, Math.Min(count ?? LongestPage, LongestPage));
        var page = new List<string>(length);
        for (var i = first; i < first + length; i++)
        {
            page.Add(sorted[i]);
        }

        return (page, length > 0 && first + length < sorted.Count);
    }
}
