namespace OciSync.Core.Text;

/// <summary>Ordinal order in which a run of digits counts as one number of any size: <c>-debian9</c> before <c>-debian11</c>.</summary>
internal static class NaturalOrder
{
    // Most numbers of versions; a million tags share them.
    private static readonly string[] Small =
        Enumerable.Range(0, 1000).Select(n => n.ToString(System.Globalization.CultureInfo.InvariantCulture)).ToArray();

    /// <summary>Compares two texts; 0 also for texts that differ in leading zeros only.</summary>
    internal static int Compare(string left, string right)
    {
        var (i, j) = (0, 0);
        while (i < left.Length && j < right.Length)
        {
            int order;
            if (IsDigit(left[i]) && IsDigit(right[j]))
            {
                order = CompareNumbers(ReadNumber(left, ref i), ReadNumber(right, ref j));
            }
            else
            {
                order = left[i++].CompareTo(right[j++]);
            }

            if (order != 0)
            {
                return order;
            }
        }

        return (left.Length - i).CompareTo(right.Length - j);
    }

    /// <summary>Compares two numbers written without leading zeros.</summary>
    internal static int CompareNumbers(string left, string right) =>
        left.Length != right.Length ? left.Length.CompareTo(right.Length) : string.CompareOrdinal(left, right);

    /// <summary>The digits as a number without leading zeros; zero is <c>0</c>.</summary>
    internal static string TrimZeros(string digits)
    {
        var trimmed = digits.TrimStart('0');
        return trimmed.Length < 4 ? Small[trimmed.Length == 0 ? 0 : int.Parse(trimmed, System.Globalization.CultureInfo.InvariantCulture)] : trimmed;
    }

    /// <summary>The number plus one, of any size.</summary>
    internal static string Increment(string number)
    {
        var nines = number.Length - number.TrimEnd('9').Length;
        var head = number.Substring(0, number.Length - nines);
        var raised = head.Length == 0 ? "1" : head.Substring(0, head.Length - 1) + (char)(head[head.Length - 1] + 1);
        return raised + new string('0', nines);
    }

    internal static bool IsDigit(char c) => c is >= '0' and <= '9';

    private static string ReadNumber(string text, ref int i)
    {
        var start = i;
        while (i < text.Length && IsDigit(text[i]))
        {
            i++;
        }

        return TrimZeros(text.Substring(start, i - start));
    }
}
