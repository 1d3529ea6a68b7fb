using System.Management.Automation;

namespace OciSync.EngineHost.StandIns.Utility;

/// <summary>Compares by each property in turn; objects without a property come after those that have it, in either direction.</summary>
internal sealed class SortOrder(IReadOnlyList<PropertyProjection> properties, bool descending, ValueComparer comparer) : IComparer<SortKey>
{
    public static readonly object Missing = new();

    public SortKey KeyOf(PSObject item) => properties.Count == 0
        ? new SortKey(item, [item])
        : new SortKey(item, [.. properties.Select(p => p.Exists(item) ? p.FirstValue(item) : Missing)]);

    public int Compare(SortKey? x, SortKey? y)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        for (var i = 0; i < x.Values.Length; i++)
        {
            var result = CompareAt(i, x.Values[i], y.Values[i]);
            if (result != 0)
            {
                return result;
            }
        }

        return 0;
    }

    private int CompareAt(int index, object? first, object? second)
    {
        var (firstMissing, secondMissing) = (ReferenceEquals(first, Missing), ReferenceEquals(second, Missing));
        if (firstMissing || secondMissing)
        {
            return firstMissing.CompareTo(secondMissing);
        }

        var down = (index < properties.Count ? properties[index].Descending : null) ?? descending;
        return down ? comparer.Compare(second, first) : comparer.Compare(first, second);
    }
}
