using OciSync.Core.Text;

namespace OciSync.Core.Versions;

/// <summary>
/// The numbers of a version, read from its text where they stand, <c>1.02.3</c>: a million versions in order take no room for them.
/// </summary>
internal static class TagNumbers
{
    /// <summary>The longest text whose places fit the fields of a version; of longer ones the numbers are kept.</summary>
    internal const int LongestText = byte.MaxValue;

    /// <summary>The numbers between two places, without leading zeros.</summary>
    internal static string[] Read(string text, int start, int end) =>
        start == end ? [] : text.Substring(start, end - start).Split('.').Select(NaturalOrder.TrimZeros).ToArray();

    /// <summary>How many numbers a version is written with: 3 for 1.27.3.</summary>
    internal static int Count(TagVersion version)
    {
        var (start, end) = version.NumberRange;
        if (start == end)
        {
            return version.Numbers.Count;
        }

        var count = 1;
        for (var i = start; i < end; i++)
        {
            count += version.Text[i] == '.' ? 1 : 0;
        }

        return count;
    }

    /// <summary>The same order as that of the numbers as texts; what is missing is 0.</summary>
    internal static int Compare(TagVersion left, TagVersion right)
    {
        var (i, leftEnd) = left.NumberRange;
        var (j, rightEnd) = right.NumberRange;
        if (i == leftEnd || j == rightEnd)
        {
            return TagOrder.CompareNumbers(left.Numbers, right.Numbers);
        }

        while (i < leftEnd || j < rightEnd)
        {
            var (leftStart, leftLength) = Next(left.Text, ref i, leftEnd);
            var (rightStart, rightLength) = Next(right.Text, ref j, rightEnd);
            var order = leftLength != rightLength
                ? leftLength.CompareTo(rightLength)
                : string.CompareOrdinal(left.Text, leftStart, right.Text, rightStart, leftLength);
            if (order != 0)
            {
                return order;
            }
        }

        return 0;
    }

    // The next number without its leading zeros: zero, and what is missing, has no digits.
    private static (int Start, int Length) Next(string text, ref int at, int end)
    {
        while (at < end && text[at] == '0')
        {
            at++;
        }

        var start = at;
        while (at < end && text[at] != '.')
        {
            at++;
        }

        var length = at - start;
        at += at < end ? 1 : 0;
        return (start, length);
    }
}
