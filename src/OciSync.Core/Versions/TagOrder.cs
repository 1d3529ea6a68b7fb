using OciSync.Core.Text;

namespace OciSync.Core.Versions;

/// <summary>The order of <see cref="TagVersion"/>, step by step.</summary>
internal static class TagOrder
{
    internal static int Compare(TagVersion left, TagVersion right)
    {
        // As numbers: the comparison of enumerations makes two objects each time.
        var order = (int)left.Scheme - (int)right.Scheme;
        if (order == 0)
        {
            order = left.Scheme is TagScheme.Version or TagScheme.Date
                ? CompareVersions(left, right)
                : NaturalOrder.Compare(left.Text, right.Text);
        }

        return order != 0 ? order : string.CompareOrdinal(left.Text, right.Text);
    }

    /// <summary>The same numbers, whatever else differs.</summary>
    internal static int CompareNumbers(IReadOnlyList<string> left, IReadOnlyList<string> right)
    {
        for (var i = 0; i < Math.Max(left.Count, right.Count); i++)
        {
            var order = NaturalOrder.CompareNumbers(i < left.Count ? left[i] : "0", i < right.Count ? right[i] : "0");
            if (order != 0)
            {
                return order;
            }
        }

        return 0;
    }

    private static int CompareVersions(TagVersion left, TagVersion right)
    {
        var order = TagNumbers.Compare(left, right);
        order = order != 0 ? order : right.IsPrerelease.CompareTo(left.IsPrerelease);
        order = order != 0 ? order : NaturalOrder.Compare(TagTail.Key(left.Prerelease), TagTail.Key(right.Prerelease));
        order = order != 0 ? order : NaturalOrder.Compare(left.Suffix, right.Suffix);
        order = order != 0 ? order : TagNumbers.Count(left).CompareTo(TagNumbers.Count(right));
        return order != 0 ? order : left.HasPrefix.CompareTo(right.HasPrefix);
    }
}
