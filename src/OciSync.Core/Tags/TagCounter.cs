using OciSync.Core.Versions;

namespace OciSync.Core.Tags;

/// <summary>Counts the versions of a line from the newest down; spellings of one version (1.2 and v1.2.0) count once, and the first is taken.</summary>
internal sealed class TagCounter(int skip, int? take)
{
    private TagVersion? _last;
    private int _count;

    internal string? FindReason(TagVersion version)
    {
        if (_last is not null && IsSame(_last, version))
        {
            return $"it is the same version as '{_last}'";
        }

        _last = version;
        _count++;
        return _count <= skip ? $"it is one of the newest {skip}, which are passed over"
            : _count - skip > take ? $"it is older than the newest {take}"
            : null;
    }

    private static bool IsSame(TagVersion left, TagVersion right) =>
        TagOrder.CompareNumbers(left.Numbers, right.Numbers) == 0
        && string.Equals(TagTail.Key(left.Prerelease), TagTail.Key(right.Prerelease), StringComparison.Ordinal)
        && left.Suffix == right.Suffix;
}
