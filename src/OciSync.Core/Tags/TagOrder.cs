namespace OciSync.Core.Tags;

/// <summary>The order of <see cref="TagVersion"/>, step by step.</summary>
internal static class TagOrder
{
    internal static int Compare(TagVersion left, TagVersion right)
    {
        var order = left.Scheme.CompareTo(right.Scheme);
        if (order == 0 && left.Scheme is TagScheme.Version or TagScheme.Date)
        {
            order = CompareVersions(left, right);
        }

        return order != 0 ? order : string.CompareOrdinal(left.Text, right.Text);
    }

    /// <summary>The same numbers, whatever else differs.</summary>
    internal static int CompareNumbers(IReadOnlyList<string> left, IReadOnlyList<string> right)
    {
        for (var i = 0; i < Math.Max(left.Count, right.Count); i++)
        {
            var order = CompareDigits(i < left.Count ? left[i] : "0", i < right.Count ? right[i] : "0");
            if (order != 0)
            {
                return order;
            }
        }

        return 0;
    }

    private static int CompareVersions(TagVersion left, TagVersion right)
    {
        var order = CompareNumbers(left.Numbers, right.Numbers);
        order = order != 0 ? order : right.IsPrerelease.CompareTo(left.IsPrerelease);
        order = order != 0 ? order : CompareSuffixes(left.Suffix, right.Suffix);
        order = order != 0 ? order : left.Numbers.Count.CompareTo(right.Numbers.Count);
        return order != 0 ? order : left.HasPrefix.CompareTo(right.HasPrefix);
    }

    // Runs of digits count as numbers, everything else goes by character; the shorter of two equal beginnings is first.
    private static int CompareSuffixes(string left, string right)
    {
        int l = 0, r = 0;
        while (l < left.Length && r < right.Length)
        {
            int order;
            if (IsDigit(left[l]) && IsDigit(right[r]))
            {
                order = CompareDigits(ReadDigits(left, ref l), ReadDigits(right, ref r));
            }
            else
            {
                order = left[l++].CompareTo(right[r++]);
            }

            if (order != 0)
            {
                return order;
            }
        }

        return (left.Length - l).CompareTo(right.Length - r);
    }

    private static string ReadDigits(string text, ref int position)
    {
        var start = position;
        while (position < text.Length && IsDigit(text[position]))
        {
            position++;
        }

        var digits = text.Substring(start, position - start).TrimStart('0');
        return digits.Length == 0 ? "0" : digits;
    }

    private static int CompareDigits(string left, string right) =>
        left.Length != right.Length ? left.Length.CompareTo(right.Length) : string.CompareOrdinal(left, right);

    private static bool IsDigit(char c) => c is >= '0' and <= '9';
}
